"""Documents over a schema from hypothesis-graphql: valid ones and ones with one violation, queries and mutations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Literal

from graphql import (
    GraphQLScalarType,
    GraphQLSchema,
    IntValueNode,
    StringValueNode,
    ValueNode,
    build_schema,
    is_specified_scalar_type,
    parse_value,
)
from hypothesis import strategies as st
from hypothesis_graphql import Mode, mutations, queries

from regiohub.testing.oracle import DocumentMaker, Known

from .drawing import drawn

Kind = Literal["query", "mutation"]
_GROUP = 8
"""Root fields that one strategy chooses from: so few that each gets its share, so many that few have to be built."""
_TIMES = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00",
    "2026-06-01T08:00:00Z", "2026-06-03T10:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-13-01T00:00:00Z",
    "2026-06-01", "1e400", "",
)  # fmt: skip
_DAYS = ("0001-01-01", "9999-12-31", "2026-06-01", "2024-02-29", "2026-02-30", "99999-01-01", "heute", "")
_NUMBERS = (1, 2, 3, 5, 10, 20, 50, 100, 0, -1, 101, 2**31 - 1, -(2**31))
_WORDS = ("", "", "", "", "mark", "e", "de", "14467", "\x00", "%", "x" * 300, "Ü")
_TIMES_OF_DAY = ("00:00:00", "24:00:00", "23:59:59.999999", "18:30", "18:30:00+02:00", "x")
_DECIMALS = ("0", "-1", "1e400", "NaN", "-Infinity", "999999999999999999999999999999.99", "0.0000000000000001", "x")
_LITERALS = (
    "{}", "[]", "null", '"x"', "1", "-1.5e300", "true", '{type: "Point", coordinates: [13.06, 52.39]}',
    '{type: "Point", coordinates: [1e308, -1e308]}', '{type: "Polygon", coordinates: [[]]}', '{type: "Point"}',
    '{type: "LineString", coordinates: [[13, 52], [13, 52]]}', '{a: [1, 2.5, null, {b: "ß"}]}',
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """One case. `kind`: what it asks for; `valid`: whether it fits the schema."""

    kind: Kind
    valid: bool
    text: str
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    operation_name: str | None = None


def documents(sdl: str, number: int, identifiers: Sequence[str]) -> list[Document]:
    """So many documents over a schema; where there are mutations, half of them are. `identifiers`: of rows."""
    schema = build_schema(sdl)
    kinds: list[Kind] = ["query", "mutation"] if schema.mutation_type else ["query"]
    # A violation is made in a seventh of the time that a valid document takes, and stops at the first look.
    shares: list[tuple[Kind, bool, int]] = [
        (kind, valid, number * (2 if valid else 3) // 5 // len(kinds)) for kind in kinds for valid in (True, False)
    ]
    found = [document for kind, valid, share in shares for document in _of(schema, kind, valid, share, identifiers)]
    return found + list(_of(schema, "query", True, number - len(found), identifiers))


def documents_that_meet_rows(schema: GraphQLSchema, known: Known, number: int) -> list[Document]:
    """So many queries whose arguments are taken from the data, identifiers of the other town among them."""
    maker = DocumentMaker(schema, known)
    made = [maker.make(seed) for seed in range(number)]
    return [Document("query", True, one.document, one.variables, one.operation_name) for one in made]


def _of(schema: GraphQLSchema, kind: Kind, valid: bool, number: int, identifiers: Sequence[str]) -> Iterator[Document]:
    root = schema.query_type if kind == "query" else schema.mutation_type
    if number <= 0 or root is None:
        return
    names = list(root.fields)
    groups = [names[at : at + _GROUP] for at in range(0, len(names), _GROUP)]
    scalars, seen = _scalars(schema, identifiers), set[str]()
    make = queries if kind == "query" else mutations
    for at, group in enumerate(groups):
        left = number - len(seen)
        if left <= 0:
            return
        strategy = make(
            schema, fields=group, custom_scalars=scalars, codec=None, mode=Mode.POSITIVE if valid else Mode.NEGATIVE
        )
        wanted = -(-left // (len(groups) - at))
        for text in drawn(strategy, wanted):
            if text not in seen:
                seen.add(text)
                yield Document(kind, valid, text)
    yield from _more(make, schema, scalars, kind, valid, number, seen)


def _more(
    make: Any, schema: GraphQLSchema, scalars: Any, kind: Kind, valid: bool, number: int, seen: set[str]
) -> Iterator[Document]:
    """What repetitions have left open, over all root fields."""
    strategy = make(schema, custom_scalars=scalars, mode=Mode.POSITIVE if valid else Mode.NEGATIVE)
    rounds = 0
    while len(seen) < number and (rounds := rounds + 1) < 8:
        for text in drawn(st.tuples(st.just(rounds), strategy), (number - len(seen)) * 2):
            if text[1] not in seen and len(seen) < number:
                seen.add(text[1])
                yield Document(kind, valid, text[1])


def _scalars(schema: GraphQLSchema, identifiers: Sequence[str]) -> dict[str, st.SearchStrategy[ValueNode]]:
    """Values that the platform's own scalars read, nearly read, or should refuse."""
    words = st.text(max_size=12)
    moments = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat())
    literals = st.sampled_from(_LITERALS).map(parse_value)
    numbers = st.sampled_from(_NUMBERS) | st.integers(-(2**33), 2**33)
    known: dict[str, st.SearchStrategy[ValueNode]] = {
        # Lists of nobody's rows and after nobody's cursor would be all that there is to see.
        "Int": numbers.map(lambda number: IntValueNode(value=str(number))),
        "String": _texts(st.sampled_from(_WORDS) | words),
        "ID": _texts(st.sampled_from(identifiers) | st.uuids().map(str) | words),
        "DateTime": _texts(st.sampled_from(_TIMES) | moments),
        "Date": _texts(st.sampled_from(_DAYS) | st.dates().map(str)),
        "Time": _texts(st.sampled_from(_TIMES_OF_DAY) | st.times().map(str)),
        "Decimal": _texts(st.sampled_from(_DECIMALS) | st.decimals(allow_nan=False, places=2).map(str)),
        "JSON": literals,
        "GeoJSON": literals,
    }
    own = [n for n, type_ in schema.type_map.items() if isinstance(type_, GraphQLScalarType)]
    others = [n for n in own if n not in known and not is_specified_scalar_type(schema.type_map[n])]
    return {name: made for name, made in known.items() if name in own} | dict.fromkeys(others, _texts(words) | literals)


def _texts(texts: st.SearchStrategy[str]) -> st.SearchStrategy[ValueNode]:
    return texts.map(lambda text: StringValueNode(value=text))
