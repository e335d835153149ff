"""Promises about graphql."""

from regiohub.testing.contract.promise import Promise

PROMISES: tuple[Promise, ...] = ()
