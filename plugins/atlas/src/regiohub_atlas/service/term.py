"""Terms whose ends are known to a day, a month, a quarter, a year, or are open."""

from dataclasses import dataclass
from datetime import date, timedelta

from regiohub.api import InvalidInput, Text, t
from regiohub_atlas.models.enums import TermPrecision

_PATTERNS = {TermPrecision.MONTH: "LLLL yyyy", TermPrecision.QUARTER: "QQQQ yyyy", TermPrecision.YEAR: "yyyy"}


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when a procedure runs.

    A date is any day within the span its precision names (the first of it by custom). ``OPEN`` and a date exclude
    each other: an end without a date has to be called open, so that nothing looks running for ever by omission.
    """

    start: date | None = None
    start_precision: TermPrecision = TermPrecision.OPEN
    end: date | None = None
    end_precision: TermPrecision = TermPrecision.OPEN

    def __post_init__(self) -> None:
        for day, precision, field in (
            (self.start, self.start_precision, "startPrecision"),
            (self.end, self.end_precision, "endPrecision"),
        ):
            if (day is None) != (precision is TermPrecision.OPEN):
                raise InvalidInput(
                    t(
                        "Ein Datum braucht eine Genauigkeit; ohne Datum ist sie „offen“.",
                        "A date needs a precision; without a date the precision is open.",
                    ),
                    field=field,
                )
        first, last = self.first_day, self.last_day
        if first is not None and last is not None and last < first:
            raise InvalidInput(
                t("Das Ende liegt vor dem Beginn.", "The end lies before the beginning."), field="endsOn"
            )

    @property
    def first_day(self) -> date | None:
        """The earliest day the term may begin; ``None`` when open."""
        return None if self.start is None else bounds(self.start, self.start_precision)[0]

    @property
    def last_day(self) -> date | None:
        """The latest day the term may end; ``None`` when open."""
        return None if self.end is None else bounds(self.end, self.end_precision)[1]

    @property
    def words(self) -> Text:
        """The term for people, no more exact than it is known: ``3. Quartal 2026 bis 31. Mai 2027``."""
        return Text(_words(self, "de"), _words(self, "en"))


def bounds(day: date, precision: TermPrecision) -> tuple[date, date]:
    """First and last day of the span that a date of this precision means."""
    match precision:
        case TermPrecision.DAY | TermPrecision.OPEN:
            return day, day
        case TermPrecision.MONTH:
            first, months = day.replace(day=1), 1
        case TermPrecision.QUARTER:
            first, months = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3
        case TermPrecision.YEAR:
            first, months = day.replace(month=1, day=1), 12
    if first.year == date.max.year and first.month + months > 12:
        return first, date.max
    following = first.month - 1 + months
    return first, date(first.year + following // 12, following % 12 + 1, 1) - timedelta(days=1)


def _words(term: Term, locale: str) -> str:
    start = _date_words(term.start, term.start_precision, locale)
    end = _date_words(term.end, term.end_precision, locale)
    german = locale == "de"
    if start is None and end is None:
        return "Zeitraum offen" if german else "no dates set"
    if start is None:
        return f"bis {end}" if german else f"until {end}"
    if end is None:
        return f"ab {start}, Ende offen" if german else f"from {start}, open end"
    if start == end:
        return start
    return f"{start} bis {end}" if german else f"{start} to {end}"


def _date_words(day: date | None, precision: TermPrecision, locale: str) -> str | None:
    if day is None:
        return None
    # Loaded with the first term that is put into words: start-up need not wait for it.
    from babel.dates import format_date

    return format_date(day, format=_PATTERNS.get(precision, "long"), locale=locale)
