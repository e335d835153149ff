"""How mails write moments, amounts and numbers: in the town's time zone and the reader's language."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal

Filter = Callable[..., str]


def filters_for(language: str, zone: ZoneInfo) -> dict[str, Filter]:
    """The filters ``date``, ``time``, ``datetime``, ``number`` and ``money``.

    Data comes from the outbox, where moments are ISO 8601 text; a moment without an offset is refused.
    """
    locale = "en_GB" if language == "en" else "de_DE"

    def moment(value: datetime | str) -> datetime:
        parsed = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            raise ValueError("a moment needs an offset")
        return parsed.astimezone(zone)

    def day(value: datetime | date | str) -> str:
        if isinstance(value, str):
            value = date.fromisoformat(value) if len(value) == 10 else moment(value)
        return format_date(moment(value).date() if isinstance(value, datetime) else value, "full", locale=locale)

    def clock(value: datetime | time | str) -> str:
        return format_time(value if isinstance(value, time) else moment(value).time(), "short", locale=locale)

    def both(value: datetime | str) -> str:
        pattern = "EEEE d MMMM y, HH:mm" if language == "en" else "EEEE, d. MMMM y, HH:mm"
        return format_datetime(moment(value), pattern, locale=locale)

    def number(value: Decimal | float | str) -> str:
        return format_decimal(Decimal(str(value)), locale=locale)

    def money(value: Decimal | float | str, currency: str = "EUR") -> str:
        return format_currency(Decimal(str(value)), currency, locale=locale)

    return {"date": day, "time": clock, "datetime": both, "number": number, "money": money}
