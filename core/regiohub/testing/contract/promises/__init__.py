"""All promises, in the order in which a reader wants to hear of them."""

from regiohub.testing.contract.promise import Promise

from . import graphql, lifecycle, personal_data, tables

PROMISES: tuple[Promise, ...] = (
    *tables.PROMISES,
    *lifecycle.PROMISES,
    *graphql.PROMISES,
    *personal_data.PROMISES,
)
