"""Why something has no plan, or why a plan gave up."""

from __future__ import annotations


class Unplannable(Exception):
    """A field that the ordinary way has to answer; the text is the reason that authors and operators read."""


class Unusual(Exception):
    """Something in the values that the ordinary way has to report as GraphQL wants it."""
