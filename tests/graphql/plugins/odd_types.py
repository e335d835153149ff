"""Types and functions over the odd tables, and short ways to build a part of one field."""

import enum
from typing import Any
from uuid import UUID

from odd_models import Book, Page, Shelf
from sqlalchemy import func, select

from regiohub.api import Connection, GraphQLPart, bound, column, filters, many, query, value, where
from regiohub.graphql.compose.checks import check
from regiohub.graphql.core.parts import TOWN_PART


class Told(enum.StrEnum):
    """An enum that no column has."""

    YES = "yes"


def named(declared: Any, annotation: Any, *, model: type[Any] = Book, name: str = "it") -> GraphQLPart:
    """A part whose only type has one field."""
    members = {"__doc__": "A type.", "__annotations__": {name: annotation}, name: declared, "__module__": __name__}
    made = bound(model, name="Odd")(type("OddType", (), members))

    @query
    class OddQuery:
        """A query."""

        all: Connection[made] = many("All.")  # type: ignore[valid-type]

    return GraphQLPart(query=OddQuery)


def asked(declared: Any, annotation: Any) -> GraphQLPart:
    """A part whose query has one field."""
    members = {"__doc__": "A query.", "__annotations__": {"it": annotation}, "it": declared, "__module__": __name__}
    return GraphQLPart(query=query(type("OddQuery", (), members)))


def said(part: GraphQLPart) -> str:
    """What a plugin with this part is told, without its name."""
    found = check(TOWN_PART, {"library": part})
    return str(found["library"]).removeprefix("library: ") if found else ""


@bound(Shelf)
class ShelfType:
    """A shelf."""

    name: str = column("Name.")


@bound(Shelf, rows=lambda _ctx: Shelf.number > 1)
class GuardedShelf:
    """A shelf that not everybody may see."""

    name: str = column("Name.")


@bound(Book)
class BookType:
    """A book."""

    title: str = column("Title.")


@bound(Page)
class PageType:
    """A page."""

    text: str = column("Text.")


@value
class Figures:
    """Figures."""

    number: int = column("How many.")


@value
class Loose:
    """Bound to nothing."""

    text: str = column("Text.")


@filters(Book)
class BookFilter:
    """Which books."""

    title: str | None = where("Title.", Book.title)


@filters(Shelf)
class ShelfFilter:
    """Which shelves."""

    name: str | None = where("Name.", Shelf.name)


def too_much(one: Any, two: Any, three: Any) -> Any:
    return one, two, three


@filters(Book)
class StrangeFilter:
    """Conditions that do not fit."""

    name: str | None = where("Name.", Shelf.name)
    pages: str | None = where("Pages.", Book.pages)
    shelf: UUID | None = where("Shelf.", Book.shelf)
    nothing: str | None = where("Nothing.", "title")
    much: str | None = where("Much.", too_much)
    tags: str | None = where("Tag.", Book.tags)
    titles: list[str] | None = where("Titles.", Book.title)


class NoFilter:
    """Not decorated."""


@filters(Book)
class FirstOnes:
    """An argument whose name is taken."""

    first: str | None = where("Title.", Book.title)


def figures(parent: Any) -> Any:
    return select(func.count().label("number")).where(Book.shelf_id == parent.id)


def mislabelled(parent: Any) -> Any:
    return select(func.count().label("amount")).where(Book.shelf_id == parent.id)


def no_parent() -> Any:
    return select(func.count().label("number"))


def failing(parent: Any) -> Any:
    return select(parent.nonsense)


def shelves(parent: Any) -> Any:
    return select(Shelf).where(Shelf.id == parent.shelf_id)


async def later(kind: str) -> Any:
    return select(Book)


async def waiting(parent: Any) -> Any:
    return select(parent.id)


def by_kind(kind: str) -> Any:
    return select(Book)


KIND = {"kind": "Which."}


def by_shelf(kin: str) -> Any:
    return Book.title


def greedy(row: Any, ctx: Any, more: Any) -> str:
    return f"{row}{ctx}{more}"


def two(one: Any, other: Any) -> Any:
    return one, other


def nonsense() -> Any:
    return getattr(Book, "nonsense")  # noqa: B009 - pyright knows that there is none


def text(parent: Any) -> Any:
    return "SELECT"
