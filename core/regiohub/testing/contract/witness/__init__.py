"""Another plugin, that stands beside the one under test: it has one part of each kind, and no tables."""

from .plugin import plugin

__all__ = ["plugin"]
