"""Roles within one town: the core's, those that the town makes itself, and which groups carry them."""
