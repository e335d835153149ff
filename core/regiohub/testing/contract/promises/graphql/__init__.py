"""Promises about what a plugin adds to the GraphQL schemas."""

from regiohub.testing.contract.promise import Promise

from .matrix import PERMISSION_MATRIX

PROMISES: tuple[Promise, ...] = (PERMISSION_MATRIX,)
