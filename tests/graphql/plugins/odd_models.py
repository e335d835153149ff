"""Tables that exist in models only, for declarations that are wrong on purpose."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from regiohub.api import Guid, TenantModel, TenantTable, geometry, reference, relation, unique


class Colour(StrEnum):
    """Colour."""

    RED = "red"


class Shade(StrEnum):
    """Another enum with the same values."""

    RED = "red"


class Shelf(TenantModel):
    __tablename__ = "odd_shelf"

    name: Mapped[str]
    label: Mapped[str]
    number: Mapped[int]
    __table_args__ = (
        unique("name"),
        sa.Index("ux_odd_shelf_label", "tenant_id", "label", unique=True, sqlite_where=sa.text("number > 0")),
        sa.Index("ux_odd_shelf_number", "tenant_id", "number", unique=True),
    )
    books: Mapped[list[Book]] = relation("Book", back="shelf_id")
    prices: Mapped[list[Price]] = relation("Price", back="shelf", key="number")


class Book(TenantModel):
    __tablename__ = "odd_book"

    title: Mapped[str]
    subtitle: Mapped[str | None]
    pages: Mapped[int]
    weight: Mapped[float]
    price: Mapped[Decimal]
    colour: Mapped[Colour]
    plain: Mapped[str]
    printed: Mapped[date]
    bought_at: Mapped[datetime]
    tags: Mapped[list[str]]
    place: Mapped[dict[str, Any]] = geometry()
    shelf_id: Mapped[UUID | None] = reference("odd_shelf")
    author: Mapped[str]
    shelf: Mapped[Shelf | None] = relation("Shelf", by="shelf_id")
    twins: Mapped[list[Book]] = relationship(
        "Book",
        primaryjoin="and_(Book.tenant_id == remote(foreign(Book.tenant_id)), Book.title == remote(foreign(Book.title)),"
        " Book.author == remote(foreign(Book.author)))",
        viewonly=True,
        lazy="raise",
        uselist=True,
    )

    @property
    def shout(self) -> str:
        """Not a column."""
        return self.title.upper()


class Page(TenantTable):
    """A key of two parts beside the town."""

    __tablename__ = "odd_page"

    book_id: Mapped[UUID] = mapped_column(Guid(), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class Price(TenantTable):
    """Points to a shelf by its number, without a foreign key."""

    __tablename__ = "odd_price"

    shelf: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    cents: Mapped[int]
    at: Mapped[Shelf] = relation("Shelf", by="shelf", key="number")
