"""Administration of people and machine clients: one port, two implementations, and the rules above it."""
