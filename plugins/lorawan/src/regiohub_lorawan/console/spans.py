"""Spans that pages offer as links, and those that people type."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Query

from regiohub.api import Text, t
from regiohub.api.console import Page

OFFERED: tuple[tuple[str, Text, timedelta], ...] = (
    ("24h", t("24 Stunden", "24 hours"), timedelta(hours=24)),
    ("7d", t("7 Tage", "7 days"), timedelta(days=7)),
    ("30d", t("30 Tage", "30 days"), timedelta(days=30)),
    ("1y", t("1 Jahr", "1 year"), timedelta(days=365)),
)
SpanWord = Annotated[str, Query(alias="span", max_length=10)]
FirstDay = Annotated[str, Query(alias="from", max_length=10)]
LastDay = Annotated[str, Query(alias="to", max_length=10)]


@dataclass(frozen=True, slots=True)
class ChosenSpan:
    """From when until when, and how it was chosen: a word of ``OFFERED``, or two days of the town's calendar."""

    start: datetime
    stop: datetime
    word: str | None
    first: str = ""
    last: str = ""

    @property
    def query(self) -> str:
        """This span in an address."""
        return f"span={self.word}" if self.word else f"from={self.first}&to={self.last}"


def chosen(page: Page, word: str, first: str, last: str, *, default: str = "7d") -> ChosenSpan:
    """What the address asks for; whatever does not fit becomes the default. Days include the last one."""
    begin, end = _day(first), _day(last)
    if begin and end and begin <= end:
        zone = page.town.timezone
        start = datetime.combine(begin, time.min, zone)
        stop = datetime.combine(end + timedelta(days=1), time.min, zone)
        return ChosenSpan(start, stop, None, begin.isoformat(), end.isoformat())
    lengths = {key: length for key, _, length in OFFERED}
    word = word if word in lengths else default
    now = page.speaker.now
    return ChosenSpan(now - lengths[word], now, word)


def tabs(span: ChosenSpan, address: str) -> list[tuple[Text, str, bool]]:
    """The offered spans as links; ``address`` ends with ``?`` or ``&``."""
    return [(title, f"{address}span={key}", key == span.word) for key, title, _ in OFFERED]


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
