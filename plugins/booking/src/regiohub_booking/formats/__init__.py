"""Formats in which busy times leave the house."""
