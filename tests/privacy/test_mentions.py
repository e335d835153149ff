"""Addresses in words that nothing declares: contacts go with the person, and every other field is named."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from regiohub.plugins.subjects import Subject
from regiohub.privacy import SubjectExport, erase_returned, erase_subject, export_subject, look_up
from regiohub.privacy.ledger import Erasure, mark_of_name
from regiohub.privacy.mentions import mentions
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.indicators.models import Figure, Indicator
from regiohub.tenancy.measures import add_measure
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub.texts import Text
from regiohub_atlas.models import Procedure
from regiohub_booking.models import Owner, Place
from regiohub_health_directory.models import HealthSuggestionState, Suggestion

pytestmark = pytest.mark.regiohub(plugins=("atlas", "booking", "health_directory"))
ANNA = Subject(None, frozenset({"anna@example.org"}))
CARD = "Anna Beispiel <Anna@Example.org>, Tel. 0331 12345"
OTHER = "Hanna Muster, johanna@example.org oder anna@example.org.example"


async def contacts(ctx: Ctx) -> None:
    """Anna and Hanna as contacts in three plugins; Ben looks after Anna's house."""
    for slug, words in (("a", CARD), ("b", OTHER)):
        await make(ctx, Place, slug=slug, name=slug, contact=words, caretaker_email="ben@example.org")
        await make(ctx, Owner, slug=slug, name=slug, contact=words)
        await make(
            ctx, Procedure, slug=slug, title=slug, contact=words, source="amt", local_fields=["title"],
            published_at=ctx.now(),
        )  # fmt: skip
        await make(
            ctx, Suggestion, contact=words, message=f"Von {slug}", proposal={"name": slug}, service_id=None,
            state=HealthSuggestionState.OPEN,
        )  # fmt: skip


async def notes(ctx: Ctx) -> None:
    """Anna's address where nobody looks for it, in texts and in JSON."""
    await make(ctx, Procedure, slug="c", title="c", contact=None, status_note=CARD, figures={"Fragen an": [CARD]})
    await make(ctx, Procedure, slug="d", title="d", contact=None, status_note=OTHER, figures={})


def told(remarks: Sequence[Text]) -> str:
    """The one remark on where to look."""
    (found,) = [words for words in remarks if words.en.startswith("Please look here")]
    assert found.de.startswith("Bitte hier nachsehen")
    return found.en


async def test_a_contact_in_words_is_handed_out(world: World) -> None:
    scope = world.scope("potsdam")
    await scope.run(contacts)
    found: SubjectExport = await scope.run(lambda ctx: export_subject(ctx, ANNA))
    held = {(part.plugin, part.category): [record["contact"] for record in part.records] for part in found.parts}
    assert held == {
        ("atlas", "contacts"): [CARD],
        ("booking", "contacts"): [CARD, CARD],
        ("health_directory", "suggestions"): [CARD],
    }
    assert not any("Please look here" in words.en for words in found.remarks)


async def test_a_contact_in_words_goes_and_those_of_others_stay(world: World) -> None:
    scope = world.scope("potsdam")
    await scope.run(contacts)
    report = await scope.run(lambda ctx: erase_subject(ctx, ANNA))
    assert [(one.plugin, one.found, one.cleared) for one in report.outcomes] == [
        ("atlas", 1, 1), ("booking", 2, 2), ("health_directory", 1, 1)
    ]  # fmt: skip
    assert not any("Please look here" in words.en for words in report.remarks)
    async with scope.read() as ctx:
        for model in (Place, Owner, Procedure, Suggestion):
            assert list(await ctx.session.scalars(sa.select(model.contact).order_by(model.id))) == [None, OTHER]
        assert set(await ctx.session.scalars(sa.select(Place.caretaker_email))) == {"ben@example.org"}
        assert list(await ctx.session.scalars(sa.select(Suggestion.message).order_by(Suggestion.id))) == [None, "Von b"]
        # The next import leaves the contact out: its source has it still.
        fields = list(await ctx.session.scalars(sa.select(Procedure.local_fields).order_by(Procedure.id)))
        assert fields == [["contact", "title"], ["title"]]


async def test_other_words_with_the_address_are_named_and_not_shown(world: World) -> None:
    scope = world.scope("potsdam")
    await scope.run(contacts)
    await scope.run(notes)
    await world.scope("bad-belzig").run(notes)
    fields = ("status_note", "figures")
    places = "; ".join(f"Participation atlas – atlas_procedure.{name} (1×)" for name in fields)
    found = await scope.run(lambda ctx: export_subject(ctx, ANNA))
    looked = await scope.run(lambda ctx: look_up(ctx, ANNA))
    report = await scope.run(lambda ctx: erase_subject(ctx, ANNA))
    for remarks in (found.remarks, looked.remarks, report.remarks):
        assert told(remarks).endswith(f": {places}.")
        assert not any("anna" in f"{words.de} {words.en}".casefold() for words in remarks)
    async with scope.read() as ctx:
        assert set(await ctx.session.scalars(sa.select(Procedure.status_note))) == {None, CARD, OTHER}


async def test_what_the_platform_keeps_is_searched_too(world: World) -> None:
    scope = world.scope("potsdam")

    async def plant(ctx: Ctx) -> None:
        measure = await add_measure(ctx, "wege", {"title": "Wege", "lead": CARD})
        indicator = await make(ctx, Indicator, measure_id=measure.id, objective_id=None, unit="km")
        await make(ctx, Figure, indicator_id=indicator.id, note=f"Laut {CARD}")

    await scope.run(plant)
    found = await scope.run(lambda ctx: export_subject(ctx, ANNA))
    # The measure is part of what is handed out.
    assert told(found.remarks).endswith(": Platform – core_figure.note (1×).")
    report = await scope.run(lambda ctx: erase_subject(ctx, ANNA))
    assert told(report.remarks).endswith(": Platform – core_figure.note (1×).")


async def test_an_address_is_found_however_the_database_writes_it(world: World) -> None:
    scope, person = world.scope("potsdam"), Subject(None, frozenset({"jörg_a%b@bücher.example"}))

    async def plant(ctx: Ctx) -> None:
        await make(ctx, Procedure, slug="a", title="a", contact=None, figures={"x": ['"Jörg_A%B@bücher.example"']})
        await make(ctx, Procedure, slug="b", title="b", contact=None, status_note="zJörg_A%B@bücher.example")

    await scope.run(plant)
    remarks = await scope.run(lambda ctx: mentions(ctx, person))
    assert told(remarks).endswith(": Participation atlas – atlas_procedure.figures (1×).")


async def test_who_is_named_by_an_account_alone_is_searched_nowhere(world: World) -> None:
    scope = world.scope("potsdam")
    await scope.run(notes)
    with world.statements() as executed:
        assert await scope.run(lambda ctx: mentions(ctx, Subject("anna"))) == []
    assert not [one for one in executed if "atlas_procedure" in one]
    with world.statements() as executed:
        assert await scope.run(lambda ctx: mentions(ctx, ANNA)) != []
    # One search for all columns of a table.
    assert len([one for one in executed if "FROM atlas_procedure \n" in one]) == 1


async def test_who_stands_in_words_alone_is_found_after_a_restored_backup(world: World) -> None:
    scope = world.scope("potsdam")
    await scope.run(contacts)
    marks = frozenset({mark_of_name(world.platform.settings.key, "anna@example.org")})
    listed = [Erasure(world.clock.now(), "potsdam", "a person", marks)]
    (report,) = await scope.run(lambda ctx: erase_returned(ctx, listed))
    assert report.subject == ANNA
    assert sum(one.cleared for one in report.outcomes) == 4
    assert await scope.run(lambda ctx: erase_returned(ctx, listed)) == []


async def test_a_table_that_cannot_be_searched_is_named_and_stops_nothing(world: World) -> None:
    scope = world.scope("potsdam")
    await scope.run(contacts)
    owner = world.platform.database.migrating()
    async with owner.begin() as connection:
        await connection.execute(sa.text("DROP TABLE booking_tariff"))
    await owner.dispose()
    report = await scope.run(lambda ctx: erase_subject(ctx, ANNA))
    assert sum(one.cleared for one in report.outcomes) == 4
    (words,) = [words.en for words in report.remarks if "could not be searched" in words.en]
    assert words.endswith(": booking_tariff.")
