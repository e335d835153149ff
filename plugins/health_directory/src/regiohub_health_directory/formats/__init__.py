"""Formats in which the directory is given to others."""
