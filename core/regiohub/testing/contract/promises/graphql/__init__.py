"""Promises about what a plugin adds to the GraphQL schemas."""

from regiohub.testing.contract.promise import Promise

from .declared import DESCRIBED, NO_COLLISIONS, PERMISSION_ON_EVERY_FIELD
from .foreign import FOREIGN_LIKE_MISSING
from .matrix import PERMISSION_MATRIX
from .statements import CONSTANT_STATEMENTS
from .two_towns import TWO_TOWNS_GRAPHQL
from .typed import ERRORS_TYPED

PROMISES: tuple[Promise, ...] = (
    NO_COLLISIONS,
    DESCRIBED,
    PERMISSION_ON_EVERY_FIELD,
    PERMISSION_MATRIX,
    FOREIGN_LIKE_MISSING,
    TWO_TOWNS_GRAPHQL,
    CONSTANT_STATEMENTS,
    ERRORS_TYPED,
)
