"""The queries in the plugins' READMEs are answered."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse
from graphql.language import OperationType

from regiohub.testing import World

from .pages import ROOT, Block, blocks

README = "README.md"
QUERIES = [
    block for path in sorted(ROOT.glob(f"plugins/*/{README}")) for block in blocks(path) if block.language == "graphql"
]
VALUES = {"Float": 52.4, "Float!": 52.4, "Int": 5, "Int!": 5, "String": "Physio", "String!": "Physio"}
"""A value for each type of variable that the READMEs leave to their reader."""
UNKNOWN = "019a0000-0000-7000-8000-000000000000"
"""Stands for the identifiers that only the reader has."""


@pytest.mark.parametrize("block", QUERIES, ids=str)
async def test_what_a_readme_asks_is_answered(block: Block, world_sqlite: World) -> None:
    document = block.text.replace("…", UNKNOWN)
    for operation in parse(document).definitions:
        assert isinstance(operation, OperationDefinitionNode)
        given: dict[str, Any] = {}
        for variable in operation.variable_definitions or ():
            assert variable.type.loc is not None
            kind = document[variable.type.loc.start : variable.type.loc.end]
            given[variable.variable.name.value] = VALUES[kind]
        assert operation.loc is not None
        text = document[operation.loc.start : operation.loc.end]
        answer = await world_sqlite.graphql("potsdam", text, given, roles=["tenant-admin"])
        if operation.operation is OperationType.QUERY:
            assert answer.errors == []
        else:
            # Its identifiers are the reader's own: the mutation is refused by the domain, in words, not by the schema.
            assert answer.errors == []
            (payload,) = answer.data.values()
            assert [error["code"] for error in payload["errors"]]


def test_every_plugin_with_an_example_is_asked() -> None:
    assert {block.page.parent.name for block in QUERIES} == {"booking", "health_directory", "lorawan"}
