"""The example of the documentation: what a plugin's author writes."""

from __future__ import annotations

import inspect
from pathlib import Path

from regiohub.testing import World
from regiohub.testing.oracle import DocumentMaker, Oracle, harvest

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "oracle.md"


async def test_my_list_is_answered_alike(world: World) -> None:
    oracle = Oracle(world)
    document = "query ($first: Int!) { booking { resources(first: $first) { nodes { name place { name } } } } }"
    compared = await oracle.assert_same("potsdam", document, {"first": 10}, roles=("editor",))
    assert not compared.fell_back


async def test_random_documents_are_answered_alike(world: World) -> None:
    oracle, admin = Oracle(world), world.principal("potsdam", roles=("tenant-admin",))
    documents = DocumentMaker(oracle.schema("potsdam").schema, await harvest(oracle, "potsdam", admin))
    for seed in range(20):
        made = documents.make(seed)
        await oracle.assert_same("potsdam", made.document, made.variables, principal=admin,
                                 operation_name=made.operation_name)  # fmt: skip


def test_the_page_shows_this_example_as_it_runs() -> None:
    shown = PAGE.read_text(encoding="utf-8")
    for example in (test_my_list_is_answered_alike, test_random_documents_are_answered_alike):
        assert inspect.getsource(example) in shown
