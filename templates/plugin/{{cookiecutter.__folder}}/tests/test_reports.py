"""Reports from the spot: how they are read, and what they change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
{% if cookiecutter.table %}
from regiohub.api import InvalidInput, NotFound
{% else %}
from regiohub.api import InvalidInput
{% endif %}
from regiohub.testing import World
from regiohub.testing import Capture
from regiohub_{{ cookiecutter.id }}.events import Reported
from regiohub_{{ cookiecutter.id }}.formats.report import Report, read_report
{% if cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.service import editing
{% endif %}
from regiohub_{{ cookiecutter.id }}.service.reports import take

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def test_a_report_without_a_moment_is_of_now() -> None:
    assert read_report(b'{"place": " wc ", "open": true}', NOW) == Report("wc", True, NOW)
    told = read_report(b'{"place": "wc", "open": false, "at": "2026-06-01T09:00:00+02:00"}', NOW)
    assert told == Report("wc", False, NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", None),
        (b"{", None),
        (b"\xff", None),
        (b'{"open": true}', "place"),
        (b'{"place": "wc", "open": "maybe"}', "open"),
        (b'{"place": "w\\u0000c", "open": true}', "place"),
        (b'{"place": "wc", "open": true, "at": "2026-06-01T08:00:00"}', "at"),
        (b'{"place": "wc", "open": true, "at": "2026-06-01T09:00:00Z"}', "at"),
        (b'{"place": "wc", "open": true, "volume": 11}', "volume"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_member(body: bytes, field: str | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_report(body, NOW)
    assert refused.value.field == field


@given(st.binary(max_size=60))
def test_no_body_does_more_than_be_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_report(body, NOW)


{% if cookiecutter.table %}
async def is_open(world: World) -> bool | None:
    answer = await world.graphql("potsdam", "{ {{ cookiecutter.__root }} { {{ cookiecutter.__things | camel }} { nodes { openNow } } } }")
    return answer.data["{{ cookiecutter.__root }}"]["{{ cookiecutter.__things | camel }}"]["nodes"][0]["openNow"]


async def tell(world: World, open: bool, place: str = "wc", minutes: int = 0) -> None:
    report = Report(place, open, world.clock.now() - timedelta(minutes=minutes))
    await world.scope("potsdam").run(lambda ctx: take(ctx, report))


async def test_a_report_counts_more_than_the_hours_until_it_is_old(world: World, captured: Capture) -> None:
    async with world.scope("potsdam").write() as ctx:
        await editing.create(ctx, {"name": "WC", "external_id": "wc", "hours": "24/7"})
    assert await is_open(world) is True
    await tell(world, False)
    assert await is_open(world) is False
    await tell(world, True, minutes=30)
    assert await is_open(world) is False, "an older report changes nothing"
    world.clock.advance(timedelta(hours=3))
    assert await is_open(world) is True
    assert [(told.place, told.open) for told in await captured.facts(Reported)] == [("wc", False)]


async def test_a_report_about_an_unknown_place_is_refused(world_sqlite: World) -> None:
    with pytest.raises(NotFound):
        await tell(world_sqlite, True, place="nowhere")
{% else %}
async def test_a_report_is_passed_on_to_other_plugins(world: World, captured: Capture) -> None:
    await world.scope("potsdam").run(lambda ctx: take(ctx, Report("wc", False, NOW)))
    assert await captured.facts(Reported) == [Reported(place="wc", open=False, at=NOW)]
{% endif %}
