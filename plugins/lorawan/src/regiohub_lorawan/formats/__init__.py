"""Formats of the field: network servers' messages, Cayenne LPP, CSV."""
