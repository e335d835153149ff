"""Participation procedures of a town: search, map, dates and matching."""
