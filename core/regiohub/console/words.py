"""Values as people read them: in their language, in the town's time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal

from regiohub.texts import Language, Text, t

NOTHING: Final = "–"
REGION_ZONE: Final = ZoneInfo("Europe/Berlin")
"""Time zone of pages that belong to no town."""
YES_NO = (t("nein", "no"), t("ja", "yes"))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says values in one language and one time zone; ``now`` is what "five minutes ago" refers to."""

    language: Language
    zone: ZoneInfo
    now: datetime

    @property
    def _locale(self) -> str:
        return "en_GB" if self.language == "en" else "de_DE"

    def say(self, value: Any) -> str:
        """Any value of a list or a fact in words; a dash for nothing."""
        match value:
            case None | "":
                return NOTHING
            case Text():
                return value.get(self.language)
            case bool():
                return YES_NO[value].get(self.language)
            case Enum():
                title = getattr(value, "title_text", None)
                return title.get(self.language) if isinstance(title, Text) else str(value.value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case clock_time():
                return format_time(value, "short", locale=self._locale)
            case timedelta():
                return format_timedelta(value, locale=self._locale)
            case int() | float() | Decimal():
                return self.number(value)
            case list() | tuple() | set() | frozenset():
                return ", ".join(self.say(part) for part in value) or NOTHING  # pyright: ignore[reportUnknownVariableType]
            case _:
                return str(value)

    def moment(self, value: datetime | None) -> str:
        """Day and time of the town."""
        if value is None:
            return NOTHING
        return format_datetime(
            value.astimezone(self.zone),
            "dd.MM.yyyy, HH:mm" if self.language == "de" else "d MMM yyyy, HH:mm",
            locale=self._locale,
        )

    def day(self, value: date | None) -> str:
        """A day, with its weekday's short name."""
        if value is None:
            return NOTHING
        return format_date(value, "E, dd.MM.yyyy" if self.language == "de" else "E, d MMM yyyy", locale=self._locale)

    def ago(self, value: datetime | None) -> str:
        """How long ago (or ahead) a moment is, in one unit: "vor 5 Minuten"."""
        if value is None:
            return NOTHING
        return format_timedelta(value - self.now, add_direction=True, threshold=1.2, locale=self._locale)

    def number(self, value: float | Decimal | None, digits: int = 2) -> str:
        """A number with the language's separators and at most so many decimals."""
        if value is None:
            return NOTHING
        return format_decimal(round(value, digits), locale=self._locale)
