"""A text in words, for people."""

from datetime import date

from .state import HoursStatus
from .week import Span, WeekPlan, week_plan

_DAYS = {"de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_WORDS = {
    "de": {"and": " und ", "clock": " Uhr", "appointment": "nach Vereinbarung", "holidays": "an Feiertagen geschlossen",
           "closed": "geschlossen", "always": "rund um die Uhr geöffnet", "month": "weitere Termine im Monat"},
    "en": {"and": " and ", "clock": "", "appointment": "by appointment", "holidays": "closed on public holidays",
           "closed": "closed", "always": "open around the clock", "month": "more dates in the month"},
}  # fmt: skip


def describe_hours(text: str, language: str, today: date) -> str:
    """The ordinary week around `today` in German (``de``) or English (``en``), parts separated by ``"; "``.

    Raises `HoursSyntaxError`.
    """
    plan = week_plan(text, today)
    words = _WORDS[language]
    if _always(plan):
        parts = [words["always"]]
    else:
        groups: dict[str, list[int]] = {}
        for day in range(7):
            said = words["and"].join(_said(span, language) for span in plan.spans if span.day == day)
            if said:
                groups.setdefault(said, []).append(day)
        parts = [f"{_day_names(days, language)} {said}" for said, days in groups.items()]
    if plan.numbered:
        parts.append(words["month"] + ": " + ", ".join(rule.text() for rule in plan.numbered))
    if not parts:
        return words["closed"]
    if plan.closed_on_holidays:
        parts.append(words["holidays"])
    return "; ".join(parts)


def _always(plan: WeekPlan) -> bool:
    whole = [span for span in plan.spans if span.start == 0 and span.end == 1440 and span.status is HoursStatus.OPEN]
    return len(whole) == 7


def _said(span: Span, language: str) -> str:
    words = _WORDS[language]
    comment = span.comment or words["appointment"]
    if span.start == 0 and span.end >= 1440 and span.status is not HoursStatus.OPEN:
        return comment
    times = f"{_clock(span.start)}–{_clock(span.end)}{words['clock']}"
    return f"{times} ({span.comment})" if span.comment else times


def _clock(minutes: int) -> str:
    return "24:00" if minutes == 1440 else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _day_names(days: list[int], language: str) -> str:
    names = _DAYS[language]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[days[0]]}–{names[days[-1]]}"
    return ", ".join(names[day] for day in days)
