"""Composite keys and joins inside one tenant, so that no model spells them out."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column, relationship

from regiohub.db.types import Guid

REFERENCE = "regiohub_reference"


def foreign_key(column: str, table: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """The composite foreign key (tenant_id, column) -> table (tenant_id, id)."""
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete)


def reference(table: str, *, ondelete: str = "CASCADE", **kwargs: Any) -> MappedColumn[Any]:
    """A column that points to another table of the same tenant: composite foreign key and index included.

    `ondelete`: CASCADE, RESTRICT or NO ACTION. SET NULL is refused: it would null `tenant_id` too.
    """
    if ondelete.upper() == "SET NULL":
        raise ValueError("SET NULL would null tenant_id as well; use RESTRICT or CASCADE")
    info = {REFERENCE: {"table": table, "ondelete": ondelete}}
    return mapped_column(Guid(), info=info, **kwargs)


def relation(target: str, *, by: str | None = None, back: str | None = None, key: str = "id") -> Any:
    """A relation inside one tenant: `by` names the local column (to-one), `back` the target's column (to-many).

    `key`: the column that is pointed to, where it is not `id`: of the target with `by`, of this table with `back`. It
    must be unique in the tenant; a foreign key is not needed. View only and never loaded lazily: set the id columns,
    and let the data layer load what is asked for.
    """
    if (by is None) == (back is None):
        raise ValueError("give exactly one of by= (to-one) and back= (to-many)")
    return Relation(target, by, back, key)


class Relation(NamedTuple):
    """Placeholder that becomes a relationship once the class it stands in is known."""

    target: str
    by: str | None
    back: str | None
    key: str = "id"

    def build(self, owner: type[DeclarativeBase]) -> Any:
        def target() -> type[Any]:
            return _same_package(owner, self.target)

        def foreign() -> list[Any]:
            table, column = (owner, self.by) if self.by else (target(), self.back)
            return [table.__table__.c.tenant_id, table.__table__.c[str(column)]]

        def remote() -> list[Any]:
            return [target().__table__.c.tenant_id, target().__table__.c[self.back or self.key]]

        def joined() -> Any:
            here = owner.__table__.c[self.by or self.key]
            return sa.and_(owner.__table__.c.tenant_id == remote()[0], here == remote()[1])

        return relationship(
            target, primaryjoin=joined if self.key != "id" else None, foreign_keys=foreign, remote_side=remote,
            viewonly=True, lazy="raise", uselist=self.back is not None,
        )  # fmt: skip


def _same_package(owner: type[Any], name: str) -> type[Any]:
    """The model called `name` in the owner's distribution: two plugins may both have a `Service`."""
    package = owner.__module__.partition(".")[0]
    found = [
        mapper.class_
        for mapper in owner.registry.mappers
        if mapper.class_.__name__ == name and mapper.class_.__module__.partition(".")[0] == package
    ]
    if len(found) != 1:
        raise LookupError(f"{owner.__name__}: {len(found)} models named {name!r} in {package}")
    return found[0]


def unique(*columns: str, name: str | None = None) -> sa.UniqueConstraint:
    """A unique constraint inside one tenant: tenant_id stands first."""
    return sa.UniqueConstraint("tenant_id", *columns, name=name)


def index(table: str, *columns: str, name: str | None = None) -> sa.Index:
    """An index inside one tenant: tenant_id stands first."""
    return sa.Index(name or f"ix_{table}_{'_'.join(('tenant_id', *columns))}", "tenant_id", *columns)
