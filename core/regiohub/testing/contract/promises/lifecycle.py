"""Promises about lifecycle."""

from regiohub.testing.contract.promise import Promise

PROMISES: tuple[Promise, ...] = ()
