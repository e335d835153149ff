"""Bringing outbox entries to their end: at least once, with effects that happen once."""

from .courier import Courier

__all__ = ["Courier"]
