"""Each declaration that does not fit its model is told what is wrong with it, and what to do."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pytest
from odd_models import Book, Colour, Page, Price, Shade, Shelf
from odd_types import (
    KIND,
    BookType,
    Figures,
    FirstOnes,
    GuardedShelf,
    Loose,
    NoFilter,
    PageType,
    ShelfFilter,
    ShelfType,
    StrangeFilter,
    asked,
    by_kind,
    by_shelf,
    failing,
    figures,
    greedy,
    later,
    mislabelled,
    named,
    no_parent,
    nonsense,
    said,
    shelves,
    text,
    two,
    waiting,
)
from sqlalchemy import func, select

from regiohub.api import (
    Connection,
    GraphQLPart,
    column,
    computed,
    count_of,
    field,
    first_of,
    many,
    nested,
    one,
    query,
    rows_of,
    to_many,
    to_one,
    value,
)

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
    (to_one("It.", Price.at), GuardedShelf, Price,
     "GuardedShelf has a row predicate, so its row may be hidden, but the field may not be null; annotate it … | None"),
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
    (count_of("It.", Shelf.books, of=BookType, where=two), int, Shelf, "where= is a function of nothing,"),
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
    (computed("It.", python=cast(Any, greedy)), str, "takes more than the row and the context"),
    (computed("It.", sql=lambda: Book.pages), str, "its expression holds int, but the field is String; annotate"),
    (computed("It.", sql=lambda: "title"), str, "its sql= returns str, no scalar expression; end a SELECT with"),
    (computed("It.", sql=lambda: select(func.count())), int, "its sql= returns Select, no scalar expression"),
    (computed("It.", sql=nonsense), str, "its sql= fails: type object 'Book' has no attribute 'nonsense'"),
    (computed("It.", sql=cast(Any, Book.title)), str, "sql= is a function of nothing, or of the context"),
    (nested("It.", of=mislabelled), list[Figures], "selects no column labelled 'number'; it selects amount"),
    (nested("It.", of=figures, many=False), list[Figures], "many=False, but the field is [Figures!]; say many=True"),
    (nested("It.", of=figures), Figures, "many=True, but the field is Figures; say many=False"),
    (nested("It.", of=figures), list[BookType], "nested() brings values, but Book is no value type; decorate it"),
    (nested("It.", of=figures), int, "nested() brings values, but Int is no value type"),
    (nested("It.", of=no_parent), list[Figures], "the first parameter of no_parent is the parent; write def"),
    (nested("It.", of=failing), list[Figures], "failing fails: "),
    (nested("It.", of=waiting), list[Figures], "waiting is asynchronous; it only makes SQL: write def"),
    (nested("It.", of=text), list[Figures], "returns str; it returns a SELECT"),
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


QUERIES = [
    (many("It."), Connection[Loose], "the entries of LooseConnection are not bound to a model; decorate their type"),
    (many("It."), list[BookType], "many() brings a page, but the field is [Book!]; annotate it Connection["),
    (many("It.", order_by=Shelf.name), Connection[BookType], "order_by=odd_shelf.name is no column of Book"),
    (many("It.", filter=ShelfFilter), Connection[BookType], "filter=ShelfFilter is a filter of Shelf"),
    (many("It.", of=later, args=KIND), Connection[BookType], "later is asynchronous; it only makes SQL: write def"),
    (many("It.", of=by_kind, args=KIND, order_by=by_shelf), Connection[BookType],
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
