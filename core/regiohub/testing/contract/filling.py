"""Rows for every table of a plugin, made from its models."""

from __future__ import annotations

from .case import Fill


def fill_tables(plugin: str) -> Fill:
    """Fills the tables of a plugin with rows that its models allow."""
    raise NotImplementedError(plugin)
