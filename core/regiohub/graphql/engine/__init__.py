"""Turns a selection into few statements: level by level, all rows of a level at once."""
