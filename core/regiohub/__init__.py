"""Regio.hub: one installation, many municipalities, plugins per measure."""
