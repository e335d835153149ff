"""Values for the parameters of addresses: those of rows that are there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from regiohub.testing.contract.promises.graphql.rows import Content
from regiohub.testing.depth import is_full

from .addresses import Address

_MOST = 4
"""Ways to fill an address that are tried, unless everything is to be tried."""
_SECRETS = ("token", "secret", "password", "pin")
"""Whoever knows these may come in: they are not told to anybody here."""


def targets(address: Address, rows: Content) -> Sequence[Mapping[str, str]]:
    """Values of rows that are there, for all parameters together.

    Names tell the table, those of parameters (`lamp_id`) or of the part of the path before (`lamps/{id}`); where they
    do not, it may be any. The first rows of tables belong together, as they were made together.
    """
    several = [[(name, value) for value in _meant(address, name, rows)] for name in address.parameters]
    found = [dict(pairs) for pairs in itertools.product(*several)]
    return found if is_full() or len(found) <= _MOST else found[:: -(-len(found) // _MOST)]


def _meant(address: Address, name: str, rows: Content) -> Sequence[str]:
    if any(secret in name.lower() for secret in _SECRETS):
        return [""]
    columns = [columns[name] for columns in rows.values.values() if name != "id" and columns.get(name)]
    if columns:
        return [min(values) for values in columns]
    before = re.search(rf"(\w+)/{{{name}[:}}]", address.path)
    for word in (name.removesuffix("id").strip("_"), before[1] if before else ""):
        tables = [table for short, table in rows.named().items() if word and _same(short, word)]
        if any(rows.ids(table) for table in tables):
            break
    else:
        tables = list(rows.values)
    return [min(rows.ids(table)) for table in tables if rows.ids(table)] or [""]


def _same(table: str, word: str) -> bool:
    return f"_{table}".endswith(f"_{_singular(word.lower())}")


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
