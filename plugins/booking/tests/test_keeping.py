"""What is kept and what is forgotten: example content, persons, settings, mail templates."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from regiohub.api import Ctx
from regiohub_booking.demo import load
from regiohub_booking.models import Booking, Resource, Slot
from regiohub_booking.rules.states import BookingState
from regiohub_booking.settings import BookingSettings

from .conftest import House, span

TENANTS = Path(__file__).parents[3] / "tenants"
MAILS = Path(__file__).parents[1] / "src" / "regiohub_booking" / "mail"


async def totals(house: House) -> tuple[int, int, int]:
    async def read(ctx: Ctx) -> tuple[int, int, int]:
        counts = [await ctx.session.scalar(select(func.count()).select_from(m)) for m in (Resource, Booking, Slot)]
        return counts[0] or 0, counts[1] or 0, counts[2] or 0

    return await house.read(read)


@pytest.mark.parametrize("slug", ["potsdam", "bad-belzig", "wiesenburg"])
async def test_example_content_is_rich_marked_and_repeatable(house_sqlite: House, slug: str) -> None:
    scope = house_sqlite.world.scope("potsdam")
    await load(scope, TENANTS / slug)
    first = await totals(house_sqlite)
    assert first[0] >= 8
    assert first[1] >= 15
    await load(scope, TENANTS / slug)
    assert await totals(house_sqlite) == first
    answer = await house_sqlite.world.graphql(
        "potsdam",
        "{ booking { resources(first: 100) { nodes { example place { example } parts { nodes { name } } } } } }",
    )
    nodes = answer.data["booking"]["resources"]["nodes"]
    assert all(node["example"] and node["place"]["example"] in (True, None) for node in nodes if node["place"])
    assert any(len(node["parts"]["nodes"]) == 2 for node in nodes)
    await house_sqlite.world.work()
    assert house_sqlite.world.mails == []


async def test_a_town_without_example_content_stays_empty(house_sqlite: House) -> None:
    await load(house_sqlite.world.scope("potsdam"), TENANTS / "berlin")
    assert await totals(house_sqlite) == (0, 0, 0)


async def test_potsdam_has_19_houses_a_lending_pool_and_offers(house_sqlite: House) -> None:
    await load(house_sqlite.world.scope("potsdam"), TENANTS / "potsdam")
    answer = await house_sqlite.world.graphql(
        "potsdam",
        """{ booking { places { totalCount } items: resources(filter: {kind: ITEM}) { nodes { lots { totalCount } } }
             offers: resources(filter: {kind: OFFER}) { nodes { mode units dates { totalCount } } } } }""",
    )
    found = answer.data["booking"]
    assert found["places"]["totalCount"] == 19 + 1  # and the test's own house
    assert any(node["lots"]["totalCount"] >= 2 for node in found["items"]["nodes"])
    assert {node["mode"] for node in found["offers"]["nodes"]} == {"TIME", "SESSIONS"}


async def test_all_rows_of_a_town_can_be_deleted_table_by_table(house: House) -> None:
    """What a purge does, children first: a hall with halves, a booking, a block and a grant stand in nobody's way."""
    from sqlalchemy import delete

    from regiohub_booking.models import MODELS
    from regiohub_booking.service.closures import ClosureWish, block_time

    whole = await house.resource("halle", lock_adapter="simulator", lock_doors=["front"])
    await house.resource("nord", whole_id=whole.id)
    await house.book(whole, span("2026-06-10", "18:00", "20:00"))
    cleaning = ClosureWish(span("2026-06-10", "17:00", "20:00"), "Putzen", whole.id)
    await house.do(lambda ctx: block_time(ctx, cleaning), house.editor)

    async def purge(ctx: Ctx) -> None:
        for model in reversed(MODELS):
            await ctx.session.execute(delete(model).execution_options(synchronize_session=False))

    await house.do(purge)
    assert await totals(house) == (0, 0, 0)


async def test_persons_are_forgotten_after_the_retention_time_and_the_booking_stays(house: House) -> None:
    room = await house.resource()
    old = await house.book(room, span("2026-06-10", "18:00", "20:00"), purpose="Geburtstag")
    await house.world.later(days=300)
    young = await house.book(room, span("2027-04-10", "18:00", "20:00"))
    await house.world.later(days=90)

    async def read(ctx: Ctx) -> dict[object, tuple[object, ...]]:
        rows = (await ctx.session.scalars(select(Booking))).all()
        return {row.id: (row.subject, row.booker_name, row.booker_email, row.purpose, row.state) for row in rows}

    found = await house.read(read)
    assert found[old.id] == (None, None, None, None, BookingState.CONFIRMED)
    assert found[young.id][0] == "anna"


def test_each_mail_has_words_in_both_languages_as_text_and_html() -> None:
    names = {file.name.split(".")[0] for file in MAILS.iterdir()}
    assert names == {
        *("cancelled", "confirmed", "denied", "lock_silent", "question", "received", "series", "series_cancelled"),
    }
    for name in names:
        for language in ("de", "en"):
            for kind in ("txt", "html"):
                assert (MAILS / f"{name}.{language}.{kind}").stat().st_size > 0


def test_each_setting_is_described_and_has_a_default() -> None:
    BookingSettings.model_validate({})
    assert all(field.description for field in BookingSettings.model_fields.values())


async def test_a_town_decides_how_long_a_hold_lasts(house_sqlite: House) -> None:
    settings = house_sqlite.world.scope("potsdam").settings(BookingSettings)
    assert settings.hold == timedelta(minutes=10)
