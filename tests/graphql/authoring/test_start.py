"""What does not fit is found at the start, all in one go; what fits is left alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from odd_models import Book, Colour, Price, Shade, Shelf
from odd_types import (
    KIND,
    BookFilter,
    BookType,
    Figures,
    GuardedShelf,
    ShelfFilter,
    ShelfType,
    Told,
    by_kind,
    by_shelf,
    figures,
    named,
    said,
)
from sqlalchemy import func, select

from regiohub.api import (
    JSON,
    SIGNED_IN,
    Connection,
    GeoJSON,
    GraphQLPart,
    bound,
    column,
    computed,
    connection,
    count_of,
    field,
    first_of,
    many,
    nested,
    one,
    query,
    region_many,
    rows_of,
    to_many,
    to_one,
)
from regiohub.graphql.compose.bindings.walk import wrong_bindings
from regiohub.graphql.compose.build import build
from regiohub.graphql.compose.checks import check
from regiohub.graphql.core.parts import REGION_PART, TOWN_PART
from regiohub.graphql.engine.need import join_of
from regiohub.plugins.host import PluginHost
from regiohub.testing.world import World


def long(ctx: Any) -> Any:
    """More than 100 pages."""
    return Book.pages > 100


def itself(parent: Any) -> Any:
    """The parent."""
    return select(Shelf).where(Shelf.id == parent.id)


def test_all_faults_are_found_in_one_go_and_name_the_plugin() -> None:
    @bound(Book)
    class ManyFaults:
        """Twelve faults."""

        subtitle: str = column("Null.")
        titel: str = column("Missing.")
        pages: str = column("Type.")
        printed: datetime = column("Type.")
        colour: Shade = column("Enum.")
        plain: Told = column("Enum.")
        price: float = column("Type.", permission=SIGNED_IN)
        shelf: BookType = to_one("Target.", Book.shelf)
        twins: Connection[BookType] = to_many("Pairs.", Book.twins, order_by=Shelf.name, filter=ShelfFilter)
        wordless: str = column("", of=Book.title)

    @query
    class FaultyQuery:
        """A query."""

        all: Connection[ManyFaults] = many("All.")
        by_title: BookType | None = one("One.", by=Book.title)

    fault = check(TOWN_PART, {"library": GraphQLPart(query=FaultyQuery)})["library"]
    assert (fault.plugin, str(fault).startswith("library: ")) == ("library", True)
    for place in (
        "subtitle", "titel", "pages", "printed", "colour", "plain", "price", "shelf", "twins", "wordless",
    ):  # fmt: skip
        assert f"ManyFaults.{place}" in fault.reason
    assert fault.reason.count("ManyFaults.shelf: ") == 2
    assert fault.reason.count("ManyFaults.twins: ") == 3
    assert "ManyFaults.price has a permission, so it must be nullable" in fault.reason
    assert "FaultyQuery.byTitle: by=Book.title is not unique" in fault.reason


def test_a_wrong_plugin_takes_no_other_with_it() -> None:
    @query
    class SoundQuery:
        """A query."""

        books: Connection[BookType] = many("Books.", order_by=Book.title, filter=BookFilter)

    wrong = named(column("It."), int, name="title")
    assert set(check(TOWN_PART, {"library": wrong, "sound": GraphQLPart(query=SoundQuery)})) == {"library"}


def test_a_relation_may_point_to_another_key() -> None:
    @bound(Price)
    class PriceType:
        """A price."""

        cents: int = column("Cents.")
        at: ShelfType = to_one("The shelf.", Price.at)
        guarded: GuardedShelf | None = to_one("The shelf.", Price.at)
        sure: GuardedShelf = to_one("The shelf.", Price.at, always=True)

    @bound(Shelf, name="PricedShelf")
    class PricedType:
        """A shelf with its prices."""

        prices: Connection[PriceType] = to_many("Prices.", Shelf.prices, order_by=Price.since)

    @query
    class PriceQuery:
        """A query."""

        shelves: Connection[PricedType] = many("Shelves.")

    assert said(GraphQLPart(query=PriceQuery)) == ""
    assert join_of(Shelf.prices) == ("number", "shelf", Price)
    assert join_of(Price.at) == ("shelf", "number", Shelf)
    joined = str(select(Shelf).join(Shelf.prices))
    assert "odd_shelf.tenant_id = odd_price.tenant_id AND odd_shelf.number = odd_price.shelf" in joined


def test_what_fits_is_left_alone() -> None:
    @bound(Book)
    class Fitting:
        """Everything that is right."""

        id: UUID = column("Id.")
        title: str | None = column("A column that is never null may be declared nullable.")
        subtitle: str | None = column("Null.")
        pages: float = column("A whole number is a number.")
        weight: float = column("Weight.")
        colour: str = column("The value of a text enum.")
        hue: Colour = column("The enum.", of=Book.colour)
        tags: list[str] = column("A list in JSON.")
        raw: JSON = column("Any JSON.", of=Book.tags)
        place: GeoJSON = column("Place.")
        shout: str = column("A property.")
        shelf: ShelfType | None = to_one("Shelf.", Book.shelf)
        words: str = computed("Words.", python=lambda row, ctx: row.title, reads=(Book.title, "pages"))
        long: bool = computed("Long.", sql=long, python=lambda row, ctx: row.pages > 100)

    @bound(Shelf)
    class FittingShelf:
        """The other side."""

        books: Connection[Fitting] = to_many(
            "Books.", Shelf.books, order_by=(func.lower(Book.title), Book.pages.desc()), filter=BookFilter, most=1000
        )
        number_of: int = count_of("Books.", Shelf.books, of=lambda: Fitting, where=lambda: Book.pages > 1)
        longest: Fitting | None = first_of("The longest.", Shelf.books, order_by=Book.pages.desc())
        figures: list[Figures] = nested("Figures.", of=figures)
        same: list[ShelfType] = rows_of("Itself.", of=itself)

    @query
    class FittingQuery:
        """A query."""

        books: Connection[Fitting] = many(
            "Books.", order_by=select(func.count()).where(Shelf.id == Book.shelf_id).correlate(Book).scalar_subquery()
        )
        joined: Connection[Fitting] = many("By shelf.", of=by_kind, args=KIND, order_by=Shelf.name)
        shelf: FittingShelf | None = one("One.")
        shelf_named: FittingShelf | None = one("One.", by=Shelf.name)
        shelf_numbered: FittingShelf | None = one("One.", by=Shelf.number)

        @field("A page.")
        @staticmethod
        async def page() -> Connection[Fitting]:
            return connection(select(Book))

    assert said(GraphQLPart(query=FittingQuery)) == ""

    @query
    class RegionOdd:
        """A query."""

        books: Connection[Fitting] = region_many("Books.", dataset="library.books", of=by_kind, args=KIND)

    assert check(REGION_PART, {"library": GraphQLPart(query=RegionOdd)}) == {}


@pytest.mark.parametrize(
    ("declare", "words"),
    [
        (lambda: computed("It."), "computed('It.'): give sql= or python=, or both"),
        (lambda: computed("It.", sql=lambda: Book.pages, reads=("pages",)), "reads= says what python= needs"),
        (
            lambda: many("It.", order_by=by_shelf),
            "a function as order_by=, otherwise= and args= belong to of=",
        ),
        (lambda: computed("It.", python=lambda row, ctx: 1, args={"a": "A."}), "args= are arguments of sql= alone"),
        (lambda: many("It.", of=by_kind, args={"sort": "Which."}), "describes arguments that it does not take: sort"),
    ],
)
def test_what_contradicts_itself_is_refused_where_it_is_written(declare: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words.replace("(", r"\(").replace(")", r"\)")):
        declare()


@pytest.mark.parametrize(("hook", "core"), [("register_graphql", TOWN_PART), ("register_region_graphql", REGION_PART)])
async def test_the_plugins_of_the_house_fit(world_sqlite: World, hook: str, core: GraphQLPart) -> None:
    host: PluginHost = world_sqlite.platform.plugins
    parts: Sequence[Any] = [(found.plugin, found.value) for found in host.call(hook, None)]
    assert len(parts) >= 4
    assert list(wrong_bindings(build(core, tuple(parts)))) == []
