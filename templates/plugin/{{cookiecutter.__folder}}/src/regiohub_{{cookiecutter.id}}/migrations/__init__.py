"""The tables' history, one file per step."""
