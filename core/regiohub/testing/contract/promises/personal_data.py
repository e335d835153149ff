"""Promises about personal data."""

from regiohub.testing.contract.promise import Promise

PROMISES: tuple[Promise, ...] = ()
