"""Declarations that do not fit their model are found at the start, all in one go, each with its remedy."""

import enum
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from odd_models import Book, Colour, Page, Price, Shade, Shelf
from sqlalchemy import Select, func, select

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
    filters,
    first_of,
    many,
    nested,
    one,
    query,
    region_many,
    rows_of,
    to_many,
    to_one,
    value,
    where,
)
from regiohub.graphql.compose.bindings.walk import wrong_bindings
from regiohub.graphql.compose.build import build
from regiohub.graphql.compose.checks import check
from regiohub.graphql.core.queries import RegionQuery, TownQuery
from regiohub.graphql.engine.need import join_of
from regiohub.plugins.host import PluginHost
from regiohub.testing.world import World


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
    found = check(TownQuery, {"library": part})
    return str(found["library"]).removeprefix("library: ") if found else ""


@bound(Shelf)
class ShelfType:
    """A shelf."""

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


@filters(Book)
class StrangeFilter:
    """Conditions that do not fit."""

    name: str | None = where("Name.", Shelf.name)
    pages: str | None = where("Pages.", Book.pages)
    shelf: UUID | None = where("Shelf.", Book.shelf)
    nothing: str | None = where("Nothing.", "title")
    much: str | None = where("Much.", lambda one, two, three: one)
    tags: str | None = where("Tag.", Book.tags)
    titles: list[str] | None = where("Titles.", Book.title)


class NoFilter:
    """Not decorated."""


@filters(Book)
class FirstOnes:
    """An argument whose name is taken."""

    first: str | None = where("Title.", Book.title)


def figures(parent: Any) -> Select[Any]:
    return select(func.count().label("number")).where(Book.shelf_id == parent.id)


def mislabelled(parent: Any) -> Select[Any]:
    return select(func.count().label("amount")).where(Book.shelf_id == parent.id)


def no_parent() -> Select[Any]:
    return select(func.count().label("number"))


def failing(parent: Any) -> Select[Any]:
    return select(parent.nonsense)


def shelves(parent: Any) -> Select[Any]:
    return select(Shelf).where(Shelf.id == parent.shelf_id)


async def later(kind: str) -> Any:
    return select(Book)


async def waiting(parent: Any) -> Select[Any]:
    return select(parent.id)


COLUMNS = [
    (
        column("It."),
        str,
        "subtitle",
        "odd_book.subtitle may be null, but the field may not; annotate it … | None",
    ),
    (column("It."), str, "titel", "Book has no attribute 'titel'; did you mean 'title'?"),
    (column("It.", of=Shelf.name), str, "it", "of=Shelf.name is no attribute of Book, which its type is bound to"),
    (column("It."), str, "shelf", "Book.shelf is a relation; declare it with to_one() or to_many()"),
    (column("It."), int, "title", "odd_book.title holds str, but the field is Int; annotate it str"),
    (column("It."), str, "pages", "odd_book.pages holds int, but the field is String; annotate it int"),
    (
        column("It."),
        datetime,
        "printed",
        "odd_book.printed holds date, but the field is DateTime; annotate it date",
    ),
    (
        column("It."),
        date,
        "bought_at",
        "odd_book.bought_at holds datetime, but the field is Date; annotate it datetime",
    ),
    (column("It."), float, "price", "odd_book.price holds Decimal, but the field is Float; annotate it Decimal"),
    (column("It."), Decimal, "weight", "odd_book.weight holds float, but the field is Decimal; annotate it float"),
    (column("It."), str, "id", "odd_book.id holds UUID, but the field is String; annotate it UUID"),
    (column("It."), UUID, "title", "odd_book.title holds str, but the field is ID; annotate it str"),
    (
        column("It."),
        Shade,
        "colour",
        "odd_book.colour holds Colour, but the field is Shade; annotate it Colour",
    ),
    (column("It."), int, "colour", "odd_book.colour holds Colour, but the field is Int; annotate it Colour"),
    (column("It."), Colour, "plain", "odd_book.plain holds str, but the field is the enum Colour; map the column with"),
    (
        column("It."),
        list[str],
        "title",
        "odd_book.title holds one value, but the field is [String!]; only JSON columns",
    ),
    (column("It."), list[Figures], "tags", "odd_book.tags holds JSON, but the field is [Figures!]; derive it with"),
    (
        column("It."),
        str,
        "place",
        "odd_book.place holds a geometry, but the field is String; annotate it GeoJSON",
    ),
    (column("It."), Figures, "shout", "Book.shout is no column and cannot bring objects; derive it with computed("),
]


@pytest.mark.parametrize(("declared", "annotation", "name", "words"), COLUMNS, ids=lambda value: str(value)[:40])
def test_columns(declared: Any, annotation: Any, name: str, words: str) -> None:
    found = said(named(declared, annotation, name=name))
    assert words in found
    assert found.startswith("Odd.")


RELATIONS = [
    (to_one("It.", Book.title), ShelfType | None, Book, "Book.title is no relation; give one of Book's (Book.shelf,"),
    (to_one("It.", "shelf"), ShelfType | None, Book, "'shelf' is no relation; give one of Book's"),
    (to_one("It.", Book.shelf), ShelfType, Book, "the foreign key odd_book.shelf_id may be null, but the field may n"),
    (to_one("It.", Book.shelf), BookType | None, Book, "Book.shelf leads to Shelf, but BookType is bound to Book;"),
    (to_one("It.", Book.shelf), Loose | None, Book, "Loose is not bound to a model; decorate it with @bound"),
    (to_one("It.", Shelf.books), BookType | None, Shelf, "Shelf.books leads to many rows; use to_many() or first_of()"),
    (to_one("It.", Book.shelf), ShelfType | None, Page, "Book.shelf is no relation of Page, which its type is bound"),
    (to_many("It.", Book.shelf), Connection[ShelfType], Book, "Book.shelf leads to one row; use to_one()"),
    (to_many("It.", Book.twins), Connection[BookType], Book,
     "Book.twins matches tenant_id, title, author; a bound relation matches exactly one column beside tenant_id"),
    (to_many("It.", Shelf.books), list[BookType], Shelf, "to_many() brings a page, but the field is [Book!]"),
    (to_many("It.", Shelf.books), Connection[ShelfType], Shelf, "Shelf.books leads to Book, but ShelfType is bound to"),
    (to_many("It.", Shelf.books, order_by="titel"), Connection[BookType], Shelf,
     "order_by='titel' is no column; did you mean 'title'? give an attribute, like Book.id"),
    (to_many("It.", Shelf.books, order_by=Shelf.name), Connection[BookType], Shelf,
     "order_by=odd_shelf.name is no column of Book, whose rows are listed; order by one of its own"),
    (to_many("It.", Shelf.books, order_by=Book.shelf), Connection[BookType], Shelf, "order_by=Book.shelf is a relati"),
    (to_many("It.", Shelf.books, orders={"NAME": Shelf.name.desc()}), Connection[BookType], Shelf,
     "orders['NAME']=odd_shelf.name is no column of Book"),
    (to_many("It.", Shelf.books, filter=ShelfFilter), Connection[BookType], Shelf,
     "filter=ShelfFilter is a filter of Shelf, but the rows are of Book; write one for those"),
    (to_many("It.", Shelf.books, arguments=ShelfFilter), Connection[BookType], Shelf,
     "arguments=ShelfFilter is a filter of Shelf, but the rows are of Book"),
    (to_many("It.", Shelf.books, arguments=NoFilter), Connection[BookType], Shelf,
     "arguments=NoFilter is not made by @filters(Book)"),
    (to_many("It.", Shelf.books, arguments=FirstOnes), Connection[BookType], Shelf,
     "takes two arguments named 'first'; rename its own"),
    (to_many("It.", Shelf.books, page=200), Connection[BookType], Shelf, "page=200 entries do not fit into most=100"),
    (count_of("It.", Book.shelf, of=ShelfType), int, Book, "Book.shelf leads to one row; use to_one()"),
    (count_of("It.", Shelf.books, of=ShelfType), int, Shelf, "Shelf.books leads to Book, but ShelfType is bound to"),
    (count_of("It.", Shelf.books, of=Loose), int, Shelf, "of=Loose is no bound type; name the type as which the rows"),
    (count_of("It.", Shelf.books, of=lambda: BookType), str, Shelf, "count_of() brings a number, but the field is Str"),
    (count_of("It.", Shelf.books, of=BookType, where=lambda a, b: a), int, Shelf, "where= is a function of nothing,"),
    (count_of("It.", Shelf.books, of=BookType, filter=ShelfFilter), int, Shelf, "filter=ShelfFilter is a filter of S"),
    (first_of("It.", Book.shelf, order_by=Shelf.name), ShelfType | None, Book, "Book.shelf leads to one row;"),
    (first_of("It.", Shelf.books, order_by=Book.title), BookType, Shelf, "there may be no row, but the field may not"),
    (first_of("It.", Shelf.books, order_by=None), BookType | None, Shelf, "the first row by which order? Give order_"),
    (first_of("It.", Shelf.books, order_by=Shelf.name), BookType | None, Shelf, "odd_shelf.name is no column of Book"),
    (first_of("It.", Shelf.books, order_by=Book.title), Connection[BookType], Shelf, "first_of() brings one row, but"),
    (first_of("It.", Shelf.books, order_by=Book.title), ShelfType | None, Shelf, "leads to Book, but ShelfType is bo"),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "annotation", "model", "words"), RELATIONS, ids=lambda value: str(value)[:40])
def test_relations(declared: Any, annotation: Any, model: type[Any], words: str) -> None:
    found = said(named(declared, annotation, model=model))
    assert words in found
    assert found.startswith("Odd.it: ")


FUNCTIONS = [
    (computed("It.", python=lambda row, ctx: "", reads=("titel",)), str,
     "reads= names 'titel', which is no column of Book; did you mean 'title'?"),
    (computed("It.", python=lambda row, ctx: "", reads=("shout",)), str, "reads= names 'shout', which is no column of"),
    (computed("It.", python=lambda row, ctx, more: ""), str, "takes more than the row and the context"),
    (computed("It.", sql=lambda: Book.pages), str, "its expression holds int, but the field is String; annotate"),
    (computed("It.", sql=lambda: "title"), str, "its sql= returns str, no scalar expression; end a SELECT with"),
    (computed("It.", sql=lambda: select(func.count())), int, "its sql= returns Select, no scalar expression"),
    (computed("It.", sql=lambda: Book.nonsense), str, "its sql= fails: type object 'Book' has no attribute 'nonsense'"),
    (computed("It.", sql=Book.title), str, "sql= is a function of nothing, or of the context"),
    (nested("It.", of=mislabelled), list[Figures], "selects no column labelled 'number'; it selects amount"),
    (nested("It.", of=figures, many=False), list[Figures], "many=False, but the field is [Figures!]; say many=True"),
    (nested("It.", of=figures), Figures, "many=True, but the field is Figures; say many=False"),
    (nested("It.", of=figures), list[BookType], "nested() brings values, but Book is no value type; decorate it"),
    (nested("It.", of=figures), int, "nested() brings values, but Int is no value type"),
    (nested("It.", of=no_parent), list[Figures], "the first parameter of no_parent is the parent; write def"),
    (nested("It.", of=failing), list[Figures], "failing fails: "),
    (nested("It.", of=waiting), list[Figures], "waiting is asynchronous; it only makes SQL: write def"),
    (nested("It.", of=lambda parent: "SELECT"), list[Figures], "returns str; it returns a SELECT"),
    (rows_of("It.", of=figures), list[Figures], "rows_of() brings rows, but Figures is not bound to a model;"),
    (rows_of("It.", of=figures), list[ShelfType], "figures does not select Shelf, which ShelfType is bound to"),
    (rows_of("It.", of=figures), list[PageType], "the key of Page has several parts (book_id, number); declare a"),
    (rows_of("It.", of=shelves), ShelfType | None, "many=True, but the field is Shelf; say many=False"),
    (rows_of("It.", of=shelves, many=False), ShelfType, "there may be no row, but the field may not be null"),
    (computed("It.", sql=later, args={"kind": "Which."}), str, "later is asynchronous; it only makes SQL: write def"),
    (many("It."), Connection[BookType], "many() cannot stand in a bound type, only in a query"),
    (one("It."), BookType | None, "one() cannot stand in a bound type, only in a query"),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "annotation", "words"), FUNCTIONS, ids=lambda value: str(value)[:40])
def test_functions(declared: Any, annotation: Any, words: str) -> None:
    found = said(named(declared, annotation))
    assert words in found
    assert found.startswith("Odd.it: ")


def by_kind(kind: str) -> Any:
    return select(Book)


KIND = {"kind": "Which."}
QUERIES = [
    (many("It."), Connection[Loose], "the entries of LooseConnection are not bound to a model; decorate their type"),
    (many("It."), list[BookType], "many() brings a page, but the field is [Book!]; annotate it Connection["),
    (many("It.", order_by=Shelf.name), Connection[BookType], "order_by=odd_shelf.name is no column of Book"),
    (many("It.", filter=ShelfFilter), Connection[BookType], "filter=ShelfFilter is a filter of Shelf"),
    (many("It.", of=later, args=KIND), Connection[BookType], "later is asynchronous; it only makes SQL: write def"),
    (many("It.", of=by_kind, args=KIND, order_by=lambda kin: Book.title), Connection[BookType],
     "order_by= asks for 'kin', which by_kind does not take; did you mean 'kind'?"),
    (many("It.", of=by_kind, args=KIND, otherwise=by_kind), Connection[BookType], "by_kind is asked for a page and"),
    (many("It.", of=by_kind, args=KIND, order_by="title"), Connection[BookType], "order_by='title' is no column"),
    (one("It.", by=Book.title), BookType | None, "by=Book.title is not unique within a town; add unique('title')"),
    (one("It.", by=Shelf.label), ShelfType | None, "by=Shelf.label is not unique within a town"),
    (one("It.", by=Shelf.name), BookType | None, "by=Shelf.name is no column of Book"),
    (one("It."), PageType | None, "the key of Page has several parts (book_id, number); name a unique one with by="),
    (one("It."), BookType, "there may be no such row, but the field may not be null; annotate it … | None"),
    (one("It."), Loose | None, "one() brings a row, but Loose is not bound to a model; decorate it with @bound"),
    (column("It."), str, "a query has no row to read a column of; use field()"),
    (to_one("It.", Book.shelf), ShelfType | None, "to_one() cannot stand in a query, only in a bound type"),
    (count_of("It.", Shelf.books, of=BookType), int, "count_of() cannot stand in a query, only in a bound type"),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "annotation", "words"), QUERIES, ids=lambda value: str(value)[:40])
def test_queries(declared: Any, annotation: Any, words: str) -> None:
    found = said(asked(declared, annotation))
    assert words in found
    assert found.startswith("OddQuery.it: ")


def test_conditions_of_a_filter() -> None:
    found = said(asked(many("It.", filter=StrangeFilter), Connection[BookType]))
    assert "OddQuery.it: StrangeFilter.name: Shelf.name is no column of Book; give one, or a function" in found
    assert "StrangeFilter.pages: Book.pages holds int, but the field is String; annotate it int" in found
    assert "StrangeFilter.shelf: Book.shelf is no column of Book" in found
    assert "StrangeFilter.nothing: a condition is an attribute of Book, or a function (value) or (value, ctx)" in found
    assert "StrangeFilter.much: a condition is" in found
    assert "StrangeFilter.titles" not in found
    assert found.count("StrangeFilter.pages") == 1


def test_a_value_has_neither_sql_nor_relations() -> None:
    @value
    class Wrong:
        """A value."""

        size: int = computed("Size.", sql=lambda: Book.pages)
        read: int = computed("Read.", python=lambda row, ctx: 1, reads=("pages",))
        shelf: ShelfType | None = to_one("Shelf.", Book.shelf)

    @query
    class WrongQuery:
        """A query."""

        @field("One.")
        @staticmethod
        async def one() -> Wrong | None:
            return None

    found = said(GraphQLPart(query=WrongQuery))
    for name in ("size", "read"):
        assert (
            f"Wrong.{name}: sql= and reads= belong to a bound type: there are no columns here; give python= alone"
            in found
        )
    assert "Wrong.shelf: to_one() cannot stand in a value type, only in a bound type" in found


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

    fault = check(TownQuery, {"library": GraphQLPart(query=FaultyQuery)})["library"]
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
    assert set(check(TownQuery, {"library": wrong, "sound": GraphQLPart(query=SoundQuery)})) == {"library"}


def test_a_relation_may_point_to_another_key() -> None:
    @bound(Price)
    class PriceType:
        """A price."""

        cents: int = column("Cents.")
        at: ShelfType = to_one("The shelf.", Price.at)

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
        long: bool = computed("Long.", sql=lambda ctx: Book.pages > 100, python=lambda row, ctx: row.pages > 100)

    @bound(Shelf)
    class FittingShelf:
        """The other side."""

        books: Connection[Fitting] = to_many(
            "Books.", Shelf.books, order_by=(func.lower(Book.title), Book.pages.desc()), filter=BookFilter, most=1000
        )
        number_of: int = count_of("Books.", Shelf.books, of=lambda: Fitting, where=lambda: Book.pages > 1)
        longest: Fitting | None = first_of("The longest.", Shelf.books, order_by=Book.pages.desc())
        figures: list[Figures] = nested("Figures.", of=figures)
        same: list[ShelfType] = rows_of("Itself.", of=lambda parent: select(Shelf).where(Shelf.id == parent.id))

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

    assert check(RegionQuery, {"library": GraphQLPart(query=RegionOdd)}) == {}


@pytest.mark.parametrize(
    ("declare", "words"),
    [
        (lambda: computed("It."), "computed('It.'): give sql= or python=, or both"),
        (lambda: computed("It.", sql=lambda: Book.pages, reads=("pages",)), "reads= says what python= needs"),
        (
            lambda: many("It.", order_by=lambda kind: Book.title),
            "a function as order_by=, otherwise= and args= belong to of=",
        ),
        (lambda: computed("It.", python=lambda row, ctx: 1, args={"a": "A."}), "args= are arguments of sql= alone"),
        (lambda: many("It.", of=by_kind, args={"sort": "Which."}), "describes arguments that it does not take: sort"),
    ],
)
def test_what_contradicts_itself_is_refused_where_it_is_written(declare: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words.replace("(", r"\(").replace(")", r"\)")):
        declare()


@pytest.mark.parametrize(("hook", "core"), [("register_graphql", TownQuery), ("register_region_graphql", RegionQuery)])
async def test_the_plugins_of_the_house_fit(world_sqlite: World, hook: str, core: type[Any]) -> None:
    host: PluginHost = world_sqlite.platform.plugins
    parts: Sequence[Any] = [(found.plugin, found.value) for found in host.call(hook, None)]
    assert len(parts) >= 4
    assert list(wrong_bindings(build(core, tuple(parts)))) == []
