"""The platform's own GraphQL operations, of towns and of the region: every one with every caller, own and foreign."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from regiohub.graphql.core.parts import REGION_PART, TOWN_PART
from regiohub.testing import World
from regiohub.testing.contract import Promise
from regiohub.testing.contract.promises.graphql.callers import callers
from regiohub.testing.contract.promises.graphql.foreign import FOREIGN_LIKE_MISSING
from regiohub.testing.contract.promises.graphql.matrix import PERMISSION_MATRIX
from regiohub.testing.contract.promises.graphql.operations import CORE, offer
from regiohub.testing.contract.promises.graphql.two_towns import TWO_TOWNS_GRAPHQL
from regiohub.testing.installations import Engine, Installations

from .core_case import core_case

EITHER = "two rights allow it, the town's and the region's: the service asks for one of them"
MEANT: Mapping[str, str] = {
    "region.tenants:": "the list of towns is public",
    "region.measures:": "every town's strategy is public, and the region shows them together",
    "region.programmes:": "the same, by programme",
    "switchPlugin needs core.signed_in": EITHER,
    "inviteMember needs core.signed_in": EITHER,
}
"""What the promises for plugins would call a fault, and why it is none here."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("promise", [PERMISSION_MATRIX, FOREIGN_LIKE_MISSING, TWO_TOWNS_GRAPHQL], ids=lambda p: p.id)
async def test_the_platforms_operations_keep_the_promises_of_plugins(
    promise: Promise, engine: Engine, installations: Installations, tmp_path: Path
) -> None:
    faults = await promise.faults(core_case(engine, installations, tmp_path))
    assert [fault for fault in faults if not fault.startswith(tuple(MEANT))] == []


async def test_no_operation_is_left_out(world_sqlite: World, record_property: Callable[[str, object], None]) -> None:
    """Each root field of the whole schemas belongs to the platform or to one of the plugins whose matrix is tried."""
    owners = (CORE, *world_sqlite.platform.plugins.healthy)
    counted = {}
    for where, part in (("potsdam", TOWN_PART), ("region", REGION_PART)):
        offers = [offer(world_sqlite, owner, where) for owner in owners]
        schema = offers[0].composed.schema
        covered = {
            (operation.kind, operation.namespace or operation.name) for one in offers for operation in one.operations
        }
        for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type),
                           ("subscription", schema.subscription_type)):  # fmt: skip
            assert root is None or {(kind, name) for name in root.fields} <= covered, where
        assert len([one for one in offers[0].operations if one.kind == "mutation"]) == len(part.mutations)
        counted[where] = sum(len(one.operations) for one in offers)
    several = len(callers(world_sqlite, "atlas"))
    record_property("isolation", f"operations: {counted}, each with {several} kinds of callers")
    assert counted["potsdam"] > 150
    assert several >= 13


async def test_each_plugin_has_the_matrix_among_its_tests() -> None:
    for folder in (Path(__file__).parents[2] / "plugins").iterdir():
        if (folder / "pyproject.toml").exists():
            text = (folder / "tests/test_contract.py").read_text()
            assert re.search(rf'contract\(\s*"{folder.name}"', text)
            named = (folder / "pyproject.toml").read_text()
            assert "permission-matrix" not in named
            assert "foreign-like-missing" not in named


async def test_a_measure_of_another_town_is_like_a_missing_one(world_sqlite: World) -> None:
    """Measures are named by key, not by identifier."""
    admin = world_sqlite.caller("potsdam", roles=("tenant-admin",))
    there = world_sqlite.caller("bad-belzig", roles=("tenant-admin",))
    await there.mutate('mutation { addMeasure(key: "only-there", input: {title: "X"}) { errors { code } } }')
    documents = (
        'changeMeasure(key: "%s", input: {lead: "x"})', 'retireMeasure(key: "%s")', 'restoreMeasure(key: "%s")',
        'addObjective(measure: "%s", input: {title: "x"})', 'addIndicator(measure: "%s", input: {title: "x"})',
        'switchPlugin(plugin: "atlas", on: true, measure: "%s")',
    )  # fmt: skip
    for document in documents:
        foreign, missing = [
            str((await admin.ask(f"mutation {{ {document % key} {{ errors {{ code message field }} }} }}")).data)
            for key in ("only-there", "nowhere")
        ]
        assert foreign.replace("only-there", "nowhere") == missing
        assert "NOT_FOUND" in missing or "INVALID_INPUT" in missing
