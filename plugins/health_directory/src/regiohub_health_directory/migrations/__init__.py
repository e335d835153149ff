"""Migrations of the health directory's tables."""
