"""Calls to addresses that towns have entered: vendors of locks, network servers. They never lead into the house."""

from .guard import Guard, OutgoingRefused

__all__ = ["Guard", "OutgoingRefused"]
