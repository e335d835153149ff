"""A plugin of which nothing is bound to a table: every field is answered by a function that returns plain values."""

from importlib.metadata import EntryPoint

ENTRY = EntryPoint("race", f"{__name__}.plugin:plugin", "regiohub.plugins")
"""Where the platform finds it."""
