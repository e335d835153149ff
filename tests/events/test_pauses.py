"""Back-off, periods, declarations, what is written down about failures: pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.errors import InvalidInput
from regiohub.events import Event, EventHandler, Job, PartConflict, Task, catalogue
from regiohub.events.backoff import OUTBOX, Backoff
from regiohub.events.delivery.outcome import MOST_ATTEMPTS
from regiohub.events.faults import MOST_CHARACTERS, describe
from regiohub.events.periods import next_period, shift_of
from regiohub.texts import t

MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PERIODS = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=31))


def test_pauses_double_up_to_the_limit() -> None:
    backoff = Backoff(first=timedelta(seconds=2), most=timedelta(minutes=1))
    assert [backoff.pause(n, chance=0.5).total_seconds() for n in range(1, 8)] == [2, 4, 8, 16, 32, 60, 60]


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_jitter_varies_a_pause_by_a_fifth_at_most(failures: int, chance: float) -> None:
    even, drawn = OUTBOX.pause(failures, chance=0.5), OUTBOX.pause(failures, chance=chance)
    assert even * 0.8 - timedelta(seconds=1) <= drawn <= even * 1.2 + timedelta(seconds=1)


def test_all_attempts_together_outlast_an_hour_without_the_other_side() -> None:
    whole = sum((OUTBOX.pause(n, chance=0.5) for n in range(1, MOST_ATTEMPTS)), timedelta())
    assert timedelta(hours=1) < whole < timedelta(hours=6)


@given(MOMENTS, PERIODS, st.integers(1, 10_000))
def test_the_next_period_is_in_the_future_and_no_further_than_one_period(
    now: datetime, every: timedelta, tenant: int
) -> None:
    shift = shift_of(tenant, "sampler.tidy", every)
    following = next_period(now, every, shift)
    assert now < following <= now + every
    assert next_period(following, every, shift) == following + every
    assert timedelta() <= shift <= min(every / 5, timedelta(minutes=5))


@dataclass(frozen=True)
class Everything(Event):
    """One field of each kind."""

    name: ClassVar[str] = "sampler.everything"
    version: ClassVar[int] = 2
    id: UUID
    at: datetime
    amount: Decimal
    tags: list[str]
    extra: dict[str, Any]
    note: str | None = None

    @classmethod
    def upgrade(cls, payload: dict[str, Any], version: int) -> dict[str, Any]:
        return {**payload, "tags": [payload.pop("tag")]} if version == 1 else payload


@given(MOMENTS, st.decimals(allow_nan=False, allow_infinity=False), st.lists(st.text()), st.none() | st.text())
def test_an_event_survives_storage(at: datetime, amount: Decimal, tags: list[str], note: str | None) -> None:
    event = Everything(uuid4(), at, amount, tags, {"a": [1, {"b": None}]}, note)
    assert Everything.from_payload(event.to_payload(), 2) == event


def test_an_event_stored_by_an_older_version_is_upgraded_and_a_newer_one_understood() -> None:
    event = Everything(uuid4(), datetime.now(UTC), Decimal(1), ["x"], {})
    old = {**event.to_payload(), "tag": "x"}
    del old["tags"]
    assert Everything.from_payload(old, 1) == event
    assert Everything.from_payload({**event.to_payload(), "later": 1}, 2) == event


async def _nothing(*_: Any) -> None:
    return None


def test_an_event_without_name_or_dataclass_is_refused_when_its_handler_is_declared() -> None:
    class Bare(Event):
        name: ClassVar[str] = "sampler.bare"

    @dataclass(frozen=True)
    class Nameless(Event):
        thing: int

    with pytest.raises(TypeError, match="dataclass"):
        EventHandler(Bare, _nothing)
    with pytest.raises(TypeError, match="name"):
        EventHandler(Nameless, _nothing)


def test_handlers_have_stable_names_of_their_own() -> None:
    assert EventHandler(Everything, _nothing).name.endswith("test_pauses._nothing")


def test_a_job_with_a_period_below_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="one second"):
        Job("sampler.tidy", timedelta(milliseconds=10), _nothing)


def test_parts_of_the_same_name_are_refused_and_both_plugins_named() -> None:
    handlers: list[Any] = [
        ("a", EventHandler(Everything, _nothing, "x")),
        ("b", EventHandler(Everything, _nothing, "x")),
    ]
    with pytest.raises(PartConflict, match="a and b both name a handler x"):
        catalogue(handlers=handlers)
    with pytest.raises(PartConflict, match="twice"):
        catalogue(tasks=[("a", Task("a.do", _nothing)), ("a", Task("a.do", _nothing))])


def test_a_part_must_carry_the_name_of_its_plugin() -> None:
    with pytest.raises(PartConflict, match=r"begin with 'b\.'"):
        catalogue(jobs=[("b", Job("a.tidy", timedelta(minutes=1), _nothing))])


def test_errors_are_described_in_one_bounded_line() -> None:
    assert describe(InvalidInput(t("Falsch.", "Wrong."))) == "INVALID_INPUT: Wrong."
    assert describe(TimeoutError()) == "it took too long"
    assert describe(ValueError("two\nlines")) == "ValueError: two lines"
    assert len(describe(ValueError("x" * 10_000))) == MOST_CHARACTERS
