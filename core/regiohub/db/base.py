"""Declarative base: a table knows its tenant by construction.

Every tenant-owned table starts its keys with `tenant_id` (an integer; the slug stands once, in `tenant`).
`reference` and `relation` build the composite keys and joins, so that no model spells them out.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7 as _uuid7

from regiohub.db.keys import REFERENCE, Relation, foreign_key
from regiohub.db.types import Guid, Json, UtcDateTime

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def uuid7() -> uuid.UUID:
    """A time-ordered identifier (RFC 9562, version 7), made in Python so that both databases agree."""
    return _uuid7()


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """Root of all tables, with one mapping of Python types to column types."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        uuid.UUID: Guid(),
        datetime: UtcDateTime(),
        str: sa.Text(),
        int: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        float: sa.Double(),
        Decimal: sa.Numeric(18, 6),
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        list[int]: Json,
        list[float]: Json,
        list[dict[str, Any]]: Json,
        enum.Enum: sa.Enum(enum.Enum, native_enum=False, create_constraint=False, length=40, values_callable=_values),
    }


class PlatformModel(Base):
    """A table of the platform itself (towns, programmes): no tenant, no row level security."""

    __abstract__ = True


class TenantTable(Base):
    """A tenant-owned table without a ready-made id: declare the other key columns with `primary_key=True`."""

    __abstract__ = True

    # Negative sort order: the mixin's column must stand first in every key.
    tenant_id: Mapped[int] = mapped_column(
        sa.Integer(), sa.ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True, sort_order=-100
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        for name, value in list(cls.__dict__.items()):
            if isinstance(value, Relation):
                setattr(cls, name, value.build(cls))
        super().__init_subclass__(**kwargs)
        table = cls.__dict__.get("__table__")
        if not isinstance(table, sa.Table):
            return
        table.info["tenant"] = True
        for column in list(table.columns):
            target = column.info.get(REFERENCE)
            if target:
                table.append_constraint(foreign_key(column.name, target["table"], ondelete=target["ondelete"]))
                sa.Index(None, table.c.tenant_id, column)

    @classmethod
    async def make_room(cls, session: TenantSession, rows: Sequence[Mapping[str, Any]]) -> None:
        """Prepare the table for rows that a town's archive brings, in a transaction of its own before theirs.

        Usually there is nothing to do. A partitioned table makes the partitions that these rows (values by column)
        need.
        """


class TenantModel(TenantTable):
    """A tenant-owned table with the primary key (tenant_id, id); id is a UUIDv7 made in Python."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(Guid(), primary_key=True, default=uuid7, sort_order=-99)


class Timestamps:
    """Mixin: when the row was created and last changed, set by the session from the platform's clock."""

    created_at: Mapped[datetime] = mapped_column(sort_order=900)
    updated_at: Mapped[datetime] = mapped_column(sort_order=901)
