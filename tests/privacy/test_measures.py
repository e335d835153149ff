"""People in measures: handed out, and left out of a measure that stays."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.privacy import erase_returned, erase_subject, export_subject, look_up, subject_named
from regiohub.privacy.ledger import Erasure, mark_of_name
from regiohub.privacy.named import mark_of
from regiohub.tenancy.measures import add_measure, change_measure
from regiohub.tenancy.models import Measure, Origin
from regiohub.testing import World

TOWN = "potsdam"
ADA = subject_named(["ada@example.org"])
CARD = "Ada Muster (Ada@Example.org), Tel. 0331 4711"


@pytest.fixture
async def town(world: World) -> World:
    """A town where Ada is in charge of one measure, a partner of the next, and in the words of the third."""
    async with world.scope(TOWN).write() as ctx:
        await add_measure(ctx, "a", {"title": "Wege", "lead": CARD, "partners": ["Bauamt"]})
        partners = ["Bauamt", CARD, "Johanna (johanna@example.org)"]
        await add_measure(ctx, "b", {"title": "Bäume", "lead": "Bauamt", "partners": partners})
        summary = "Fragen an ada@example.org, sonst an johanna@example.org."
        await add_measure(ctx, "c", {"title": "Bänke", "lead": "Johanna (johanna@example.org)", "summary": summary})
    return world


async def rows(world: World) -> dict[str, Any]:
    async with world.scope(TOWN).read() as ctx:
        return {row.key: row for row in await ctx.session.scalars(sa.select(Measure)) if row.key in "abc"}


async def test_a_person_in_charge_is_part_of_what_is_handed_out(town: World) -> None:
    found = await town.scope(TOWN).run(lambda ctx: export_subject(ctx, ADA))
    (part,) = found.parts
    assert (part.plugin, part.category, part.source) == ("core", "measures", "core_measure")
    assert part.records == [
        {"measure": "a", "title": "Wege", "lead": CARD},
        {"measure": "b", "title": "Bäume", "partners": [CARD]},
        {"measure": "c", "title": "Bänke", "summary": "Fragen an ada@example.org, sonst an johanna@example.org."},
    ]
    assert any("a name that stands there without an address" in words.en for words in found.remarks)


async def test_measures_stay_and_lose_the_person(town: World) -> None:
    looked = await town.scope(TOWN).run(lambda ctx: look_up(ctx, ADA))
    assert (await rows(town))["a"].lead == CARD
    report = await town.scope(TOWN).run(lambda ctx: erase_subject(ctx, ADA))
    assert report.outcomes == looked.outcomes
    (outcome,) = report.outcomes
    assert (outcome.category, outcome.found, outcome.cleared, outcome.deleted) == ("measures", 3, 3, 0)
    emptied, words = (note.de for note in outcome.notes)
    assert "die Maßnahmen bleiben: a, b." in emptied
    assert words.endswith("Telefonnummer steht: c.")
    found = await rows(town)
    assert (found["a"].lead, found["a"].partners) == (None, ["Bauamt"])
    assert (found["b"].lead, found["b"].partners) == ("Bauamt", ["Bauamt", "Johanna (johanna@example.org)"])
    assert found["c"].lead == "Johanna (johanna@example.org)"
    assert found["c"].summary == "Fragen an …, sonst an johanna@example.org."
    again = await town.scope(TOWN).run(lambda ctx: export_subject(ctx, ADA))
    assert again.count == 0


async def test_a_measure_of_the_towns_file_is_not_filled_from_it_again_and_the_report_says_so(
    world_sqlite: World,
) -> None:
    async with world_sqlite.scope(TOWN).write() as ctx:
        await add_measure(ctx, "a", {"title": "Wege", "lead": CARD})
        await ctx.session.execute(sa.update(Measure).where(Measure.key == "a").values(origin=Origin.FILE))
    report = await world_sqlite.scope(TOWN).run(lambda ctx: erase_subject(ctx, ADA))
    assert (await rows(world_sqlite))["a"].origin is Origin.LOCAL
    assert [note.en.partition(".")[0] for note in report.outcomes[0].notes][-1].endswith("from the town's file (tenant")


async def test_whom_a_restored_measure_brings_back_is_erased_again(world_sqlite: World) -> None:
    world, key = world_sqlite, world_sqlite.platform.settings.key
    async with world.scope(TOWN).write() as ctx:
        await add_measure(ctx, "a", {"title": "Wege"})
        await change_measure(ctx, "a", {"lead": CARD})
    names = frozenset(mark_of_name(key, name) for name in ADA.emails)
    erasure = Erasure(world.clock.now(), TOWN, mark_of(key, ADA), names)
    reports = await world.scope(TOWN).run(lambda ctx: erase_returned(ctx, [erasure]))
    assert [report.found for report in reports] == [1]
    assert (await rows(world))["a"].lead is None
    async with world.scope(TOWN).read() as ctx:
        logged = await ctx.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        assert [one.action for one in logged][-2:] == ["tenant.subject_erased", "tenant.subject_erased_again"]
