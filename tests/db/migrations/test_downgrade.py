"""Going back: what it would cost is said before, who needs the tables is asked, and nothing goes without a yes."""

from __future__ import annotations

import pytest

from regiohub.cli.database_downgrade import lines, needs_of
from regiohub.db.downgrade import DowngradeFault, DowngradeRefused, Needs, plan_downgrade, take_down
from regiohub.db.migrate import CORE, DependantsError, downgrade, status
from regiohub.platform import Platform

from .conftest import revisions
from .prints import fingerprints


async def test_the_plan_says_what_would_go_and_changes_nothing(filled: Platform) -> None:
    before = await fingerprints(filled.database)
    plan = await plan_downgrade(filled.database, filled.migrations, needs_of(filled), "booking", "base")
    assert not plan.dependants
    assert plan.tables["booking_place"] == plan.tables["booking_resource"] == 3
    assert plan.rows >= 20
    assert all(table.startswith("booking_") for table in plan.tables)
    assert lines(plan)[0].startswith("booking: from 000")
    assert await fingerprints(filled.database) == before

    way = next(revisions(migrations) for migrations in filled.migrations if migrations.owner == "booking")
    plan = await plan_downgrade(filled.database, filled.migrations, needs_of(filled), "booking", "-1")
    assert (plan.target, list(plan.revisions)) == (way[-2], [way[-1]])
    assert await fingerprints(filled.database) == before


async def test_the_core_goes_nowhere_while_plugins_have_tables(filled: Platform) -> None:
    before = await fingerprints(filled.database)
    with pytest.raises(DowngradeRefused) as refused:
        await take_down(filled.database, filled.migrations, needs_of(filled), "core", "base")
    assert [one.owner for one in refused.value.plan.dependants] == sorted(filled.plugins.healthy)
    assert "tenant" in refused.value.plan.tables
    # Not even by the way around the question, on either database.
    with pytest.raises(DependantsError, match="booking"):
        await downgrade(filled.database, CORE)
    assert await fingerprints(filled.database) == before


async def test_a_plugin_that_needs_a_revision_of_the_core_holds_it(filled: Platform) -> None:
    way = revisions(CORE)
    needs = {**needs_of(filled), "atlas": Needs((), way[-1])}
    with pytest.raises(DowngradeRefused, match=f"atlas needs the core's tables of revision {way[-1]}"):
        await take_down(filled.database, filled.migrations, needs, "core", "-1")
    done = await take_down(filled.database, filled.migrations, needs_of(filled), "core", "-1")
    assert done.target == way[-2]
    (core, *_) = await status(filled.database, filled.migrations)
    assert (core.current, core.pending) == (way[-2], True)


async def test_a_plugin_that_others_require_or_refer_to_stays(filled: Platform) -> None:
    needs = {**needs_of(filled), "lorawan": Needs(("booking",))}
    with pytest.raises(DowngradeRefused, match="lorawan requires booking"):
        await take_down(filled.database, filled.migrations, needs, "booking", "base")
    engine = filled.database.migrating()
    async with engine.begin() as connection:
        await connection.exec_driver_sql(
            "CREATE TABLE atlas_room (tenant_id integer, room "
            + ("uuid" if filled.database.dialect == "postgresql" else "text")
            + ", FOREIGN KEY (tenant_id, room) REFERENCES booking_resource (tenant_id, id))"
        )
    await engine.dispose()
    with pytest.raises(DowngradeRefused, match="atlas refers to booking_resource with atlas_room"):
        await take_down(filled.database, filled.migrations, needs_of(filled), "booking", "base")


async def test_tables_of_a_missing_package_hold_the_core_and_no_plugin(filled: Platform) -> None:
    """Nobody knows what a plugin needs whose package is gone; the others go on, and it loses nothing."""
    before = await fingerprints(filled.database)
    left = [migrations for migrations in filled.migrations if migrations.owner != "lorawan"]
    needs = {owner: known for owner, known in needs_of(filled).items() if owner != "lorawan"}
    with pytest.raises(DowngradeRefused, match="lorawan has tables here, and its package is missing"):
        await take_down(filled.database, left, needs, "core", "-1")
    await take_down(filled.database, left, needs, "booking", "base")
    assert all(not state.pending for state in await status(filled.database, left) if state.owner != "booking")
    after = await fingerprints(filled.database)
    gone = {name for name in before if name not in after}
    assert gone
    assert {name.partition("_")[0] for name in gone} == {"booking"}
    assert {name: after[name] for name in after if name.startswith("lorawan_")} == {
        name: print_ for name, print_ in before.items() if name.startswith("lorawan_")
    }


@pytest.mark.parametrize(
    ("owner", "target", "words"),
    [
        ("nothing", "base", "nothing has no migrations here; there are: core"),
        ("booking", "9999", "'9999' is no revision of booking below"),
        ("booking", "head", "'head' is no revision"),
        ("core", "-99", "'-99' is no revision of core below"),
        ("core", "0001; DROP TABLE tenant", "is no revision of core below"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_what_there_is(
    filled: Platform, owner: str, target: str, words: str
) -> None:
    with pytest.raises(DowngradeFault, match=words.replace("(", r"\(")):
        await plan_downgrade(filled.database, filled.migrations, needs_of(filled), owner, target)
