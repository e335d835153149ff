"""Promises about tables."""

from regiohub.testing.contract.promise import Promise

PROMISES: tuple[Promise, ...] = ()
