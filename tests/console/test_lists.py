"""Lists: the address says what is shown; the database and a list in memory give the same pages."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from regiohub.console.listing import Column, Filter, Found, Listing, wanted_of
from regiohub.console.listing.export import as_csv
from regiohub.console.listing.found import from_database, from_memory
from regiohub.console.words import Speaker
from regiohub.tenancy.models import Measure
from regiohub.testing import World
from regiohub.texts import t

TITLE = t("Titel", "Title")
SPEAKER = Speaker("de", ZoneInfo("Europe/Berlin"), datetime(2026, 6, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Thing:
    name: str
    size: int | None


THINGS = Listing(
    "things",
    TITLE,
    columns=(
        Column("name", TITLE, lambda row: row.name, sort=lambda row: row.name),
        Column("size", TITLE, lambda row: row.size, sort=lambda row: row.size),
    ),
    filters=(
        Filter.text("q", TITLE, lambda value: lambda row: value in row.name),
        Filter.choice("kind", TITLE, [("small", TITLE)], lambda _: lambda row: (row.size or 0) < 5),
        Filter.day("on", TITLE, lambda value: lambda _row: value == date(2026, 6, 1)),
    ),
    order="name",
)
ROWS = [Thing(f"ding {number:03}", number if number % 3 else None) for number in range(60)]


def names(found: Found) -> list[str]:
    return [row.name for row in found.rows]


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    seen = [
        name for page in range(1, 4) for name in names(from_memory(ROWS, wanted_of(THINGS, {"things.page": str(page)})))
    ]
    assert seen == [row.name for row in ROWS]


def test_missing_values_come_last_in_both_directions() -> None:
    for sort in ("size", "-size"):
        found = from_memory(ROWS, wanted_of(THINGS, {"things.sort": sort, "things.size": "100"}))
        sizes = [row.size for row in found.rows]
        assert sizes[-20:] == [None] * 20
        assert None not in sizes[:40]


def test_what_does_not_fit_the_list_is_left_out() -> None:
    wanted = wanted_of(
        THINGS,
        {"things.sort": "nonsense", "things.page": "-3", "things.size": "7", "things.kind": "huge", "things.on": "x"},
    )
    assert (wanted.sort, wanted.page, wanted.size) == ("name", 1, 25)
    assert from_memory(ROWS, wanted).total == 60


def test_a_page_behind_the_last_is_the_last() -> None:
    found = from_memory(ROWS, wanted_of(THINGS, {"things.page": "99"}))
    assert (found.wanted.page, len(found.rows)) == (3, 10)


def test_the_address_of_the_next_page_keeps_filters_and_other_lists() -> None:
    wanted = wanted_of(THINGS, {"things.q": "ding", "others.page": "4", "format": "csv"})
    assert wanted.address(page=2) == "?things.q=ding&others.page=4&things.page=2"


@given(st.dictionaries(st.sampled_from(["things.sort", "things.page", "things.size", "things.q", "x"]), st.text()))
def test_no_address_breaks_a_list(given_: dict[str, str]) -> None:
    found = from_memory(ROWS, wanted_of(THINGS, given_))
    assert 1 <= found.wanted.page <= found.pages
    assert len(found.rows) <= found.wanted.size


@given(st.text(max_size=40))
def test_a_file_holds_the_words_and_never_a_formula(words: str) -> None:
    wanted = wanted_of(THINGS, {})
    found = Found(THINGS, wanted, [Thing(words, 1)], 1)
    rows = list(csv.reader(io.StringIO(as_csv(found, SPEAKER).decode("utf-8-sig"), newline=""), delimiter=";"))
    cell = rows[1][0]
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert cell in (words, f"'{words}")


MEASURES = Listing(
    "measures",
    TITLE,
    columns=(
        Column("title", TITLE, lambda row: row.title, sort=Measure.title),
        Column("lead", TITLE, lambda row: row.lead, sort=Measure.lead),
    ),
    filters=(Filter.text("q", TITLE, lambda value: Measure.title.icontains(value, autoescape=True)),),
    order="title",
)


async def test_the_database_sorts_filters_and_pages_with_two_statements(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        keys = [f"m{number:03}" for number in range(70)]
        ctx.session.add_all(
            [
                Measure(
                    key=key, position=0, origin="local", title=f"Maßnahme {key}", lead="Amt" if i % 2 else None,
                    partners=[], fields=[], later=[],
                )
                for i, key in enumerate(keys)
            ]
        )  # fmt: skip
    async with world.scope("potsdam").read() as ctx:
        with world.statements() as seen:
            address = {"measures.q": "maßnahme m0", "measures.sort": "-lead", "measures.page": "2"}
            found = await from_database(ctx.session, sa.select(Measure), wanted_of(MEASURES, address))
    assert len(seen) == 2
    assert (found.total, len(found.rows), found.pages) == (70, 25, 3)
    leads = [row.lead for row in found.rows]
    assert leads == sorted(leads, key=lambda lead: lead is None)
