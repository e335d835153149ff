"""Schedules from opening hours: the ordinary week as recurrences (a subset of iCalendar)."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from regiohub_health_directory.service.hours import WeekPlan, describe_hours, week_plan
from regiohub_health_directory.service.hours.rules import WEEKDAYS, Rule
from regiohub_health_directory.service.hours.state import HoursStatus

_ICAL = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TIMES = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")
_NUMBERED = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)\[([-\d,]+)\]")
APPOINTMENT_ONLY = "Nur nach Vereinbarung"
ON_SITE = "Vor Ort"


def schedule_records(owner: UUID, text: str | None, today: date) -> list[dict[str, Any]]:
    """`schedule` records for opening hours; HSDS knows no public holidays, so those stand in `notes`.

    Hours that depend on dates give the week of `today` with its validity; the OSM text stands in `description` of
    each record, so that nothing is lost.
    """
    if not text:
        return []
    plan = week_plan(text, today)
    entries = [*_weekly(plan), *_monthly(plan)]
    notes = describe_hours(text, "de", today)
    if not entries:
        entries = [{}]
    return [
        {"id": str(uuid5(owner, f"schedule:{number}")), **entry, "description": text, "notes": notes}
        for number, entry in enumerate(entries)
    ]


def _weekly(plan: WeekPlan) -> list[dict[str, Any]]:
    groups: dict[tuple[int, int, bool], list[int]] = {}
    for span in plan.spans:
        appointment = span.status is not HoursStatus.OPEN
        groups.setdefault((span.start, span.end, appointment), []).append(span.day)
    found: list[dict[str, Any]] = []
    for (start, end, appointment), days in groups.items():
        entry: dict[str, Any] = {
            "freq": "WEEKLY",
            "interval": 1,
            "wkst": "MO",
            "byday": ",".join(_ICAL[day] for day in days),
            "opens_at": _clock(start),
            "closes_at": _clock(end),
            "attending_type": APPOINTMENT_ONLY if appointment else ON_SITE,
        }
        if plan.seasonal:
            entry["valid_from"] = plan.monday.isoformat()
            entry["valid_to"] = (plan.monday + timedelta(days=6)).isoformat()
        found.append(entry)
    return found


def _monthly(plan: WeekPlan) -> list[dict[str, Any]]:
    return [entry for rule in plan.numbered for entry in _monthly_rule(rule)]


def _monthly_rule(rule: Rule) -> list[dict[str, Any]]:
    days = [
        f"{number}{_ICAL[WEEKDAYS.index(match[1])]}"
        for part in rule.days
        if (match := _NUMBERED.fullmatch(part))
        for number in match[2].split(",")
    ]
    return [
        {"freq": "MONTHLY", "interval": 1, "byday": ",".join(days), "opens_at": opens, "closes_at": closes}
        for opens, closes in _TIMES.findall(rule.rest)
        if days
    ]


def _clock(minutes: int) -> str:
    return "24:00" if minutes == 1440 else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
