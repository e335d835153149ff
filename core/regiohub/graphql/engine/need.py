"""Which columns and expressions a selection needs from a model's row."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapper

from regiohub.graphql.authoring.fields import takes
from regiohub.graphql.authoring.spec import (
    BatchedSpec,
    CallSpec,
    ColumnSpec,
    ComputedSpec,
    CountSpec,
    ExpressionSpec,
    FirstOfSpec,
    NestedSpec,
    RowsSpec,
    ToManySpec,
    ToOneSpec,
    TownSpec,
)

from .asked import Asked

TENANT = "tenant_id"


class Join(NamedTuple):
    """A relation inside one tenant: attribute of this side, attribute of the other side, the other model."""

    local: str
    remote: str
    target: type[Any]


@lru_cache(maxsize=1024)
def join_of(relation: Any) -> Join:
    """The one pair of columns, beside the tenant, that a relation matches."""
    found = relation.property
    pairs = [pair for pair in found.local_remote_pairs if TENANT not in (pair[0].key, pair[1].key)]
    if len(pairs) != 1:
        raise TypeError(f"{relation}: a bound relation matches exactly one column beside tenant_id")
    local, remote = pairs[0]
    return Join(
        found.parent.get_property_by_column(local).key,
        found.mapper.get_property_by_column(remote).key,
        found.mapper.class_,
    )


@lru_cache(maxsize=512)
def key_of(model: type[Any]) -> tuple[str, ...]:
    """Attributes of the primary key without the tenant."""
    mapper: Mapper[Any] = sa.inspect(model)
    keys = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    return tuple(key for key in keys if key != TENANT)


class Need:
    """What one statement has to bring: plain attributes, computed expressions, or the whole object."""

    def __init__(self, model: type[Any], ctx: Any = None) -> None:
        self.model = model
        self.ctx = ctx
        self.columns: dict[str, Any] = {}
        self.computed: dict[str, Any] = {}
        self.whole = False

    def attribute(self, name: str) -> None:
        """Ask for an attribute: a column by itself, anything else (a Python property) with the whole object."""
        mapper: Mapper[Any] = sa.inspect(self.model)
        if name in mapper.column_attrs:
            self.columns[name] = getattr(self.model, name)
        else:
            self.whole = True

    def attributes(self, names: Iterable[str]) -> Need:
        """Ask for several attributes."""
        for name in names:
            self.attribute(name)
        return self

    def field(self, asked: Asked) -> None:
        """Ask for what stands behind a field."""
        match asked.spec:
            case ColumnSpec():
                self.attribute(asked.column)
            case ToOneSpec() | ToManySpec() | CountSpec() | FirstOfSpec():
                self.attributes((TENANT, join_of(asked.spec.relation).local))
            case NestedSpec() | RowsSpec():
                self.attributes((TENANT, *key_of(self.model)))
            case ComputedSpec(python=None, sql=sql) if sql is not None:
                self.computed.setdefault(asked.name, sql(self.ctx) if takes(sql) else sql())
            case ExpressionSpec():
                # The same field may be asked for several times, with other arguments.
                asked.slot = f"{asked.name}_{len(self.computed)}"
                self.computed[asked.slot] = asked.spec.expression(self.ctx, asked.arguments)
            case TownSpec():
                self.attribute(TENANT)
            case ComputedSpec(reads=reads) if reads is not None:
                self.attributes(reads)
            case ComputedSpec():
                self.whole = True
            case CallSpec(signature=signature) | BatchedSpec(signature=signature):
                self.whole = self.whole or signature.subject
            case _:
                raise TypeError(f"{type(asked.spec).__name__} cannot be a field of a bound type")

    def selected(self, entity: Any = None) -> list[Any]:
        """The columns of the SELECT. `entity`: an alias of the model to select from."""
        source = entity if entity is not None else self.model
        head = [source] if self.whole else [getattr(source, name) for name in self.columns]
        return head or [getattr(source, key_of(self.model)[0])]


class Record:
    """One row: the object if it was needed, and the values by name (computed ones by the field's name)."""

    __slots__ = ("entity", "values")

    def __init__(self, entity: Any, values: dict[str, Any]) -> None:
        self.entity = entity
        self.values = values
