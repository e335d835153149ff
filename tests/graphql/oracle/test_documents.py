"""Random documents are valid, the same for the same number, and use all of the language."""

from __future__ import annotations

import re

from graphql import build_schema, parse, print_ast, validate

from regiohub.testing.oracle import DocumentMaker, Known

SCHEMA = build_schema(
    """
    interface Named { name: String! friend: Named others(first: Int! = 20): [Named!]! }
    type Dog implements Named {
        name: String! friend: Named others(first: Int! = 20): [Named!]! tail: Float kind: Kind!
    }
    type Cat implements Named {
        name: String! friend: Named others(first: Int! = 20): [Named!]! lives(of: Kind): Int
    }
    enum Kind { BIG SMALL }
    input Near { lon: Float! lat: Float! metres: Float! = 5 }
    input Filter { kind: [Kind!] near: Near text: String and: Filter since: Day }
    scalar Day
    scalar Date
    type Query {
        pet(id: ID!): Named
        pets(first: Int! = 20, filter: Filter, from: Date!, to: Date!, day: Day): [Named!]!
        version: String!
    }
    """
)
NUMBERS = range(200)


def maker() -> DocumentMaker:
    """Makes documents that know some values."""
    known = Known()
    for value in ("Bello", "Minka"):
        known.see("Dog", "name", "String", value)
    known.see("Dog", "id", "ID", "7")
    return DocumentMaker(SCHEMA, known)


def test_documents_are_valid_and_always_the_same_for_a_number() -> None:
    first, second = maker(), maker()
    for number in NUMBERS:
        made = first.make(number)
        again = second.make(number)
        assert (made.document, made.variables) == (again.document, again.variables)
        assert validate(SCHEMA, parse(made.document)) == [], f"{number}: {made.document}"


def test_every_coordinate_is_named_within_as_many_documents() -> None:
    making = maker()
    named: set[str] = set()
    for number in range(len(making.paths.coordinates)):
        named |= making.make(number).used
    assert set(making.paths.coordinates) - named == set()


def test_documents_use_the_whole_language() -> None:
    made = list(map(maker().make, NUMBERS))
    text = "\n".join(document.document for document in made)
    wanted = (
        "fragment ", "... on Dog", "... on Named", "@skip(if: $", "@include(if: true)", "__typename", "first: 0",
        "query ", "null", '"7"', "[BIG", "near: {", "\\u", "# ",
    )  # fmt: skip
    assert [part for part in wanted if part not in text] == []
    assert any(len(line) > 63 for line in text.replace(":", " ").split())
    assert any(document.operation_name for document in made)
    variables = [document for document in made if document.variables]
    assert len(variables) > len(made) / 2
    assert any(value is None for document in made for value in document.variables.values())
    declared = [v for document in made for v in document.tree.variables]
    assert {v.default is None for v in declared} == {True, False}
    absent = [v.name for d in made for v in d.tree.variables if v.name not in d.variables and v.default is None]
    assert absent


def test_values_that_belong_together_make_sense() -> None:
    spans: list[tuple[str, str]] = []
    for made in map(maker().make, NUMBERS):
        for node in parse(made.document).definitions:
            spans += _spans(print_ast(node))
    assert len(spans) > 20
    assert [span for span in spans if span[0] > span[1]] == []


def _spans(text: str) -> list[tuple[str, str]]:
    """Pairs of literals from and to in one place."""
    found = re.findall(r"\(([^()]*)\)", text)
    days = [dict(re.findall(r'(from|to): "([^"]*)"', arguments)) for arguments in found]
    return [(day["from"], day["to"]) for day in days if len(day) == 2]
