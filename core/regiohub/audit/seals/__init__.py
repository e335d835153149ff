"""The log's seals: a chain of signed batches that shows every later change, and how it is checked."""
