"""Times and spans in words, German and English, for messages and mails."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from regiohub.api import Text, t

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(day: date) -> Text:
    """``28.03.2027`` and ``28 Mar 2027``."""
    return t(f"{day:%d.%m.%Y}", f"{day.day} {MONTHS[day.month - 1]} {day.year}")


def moment_text(wall: datetime) -> Text:
    """Day and time of a wall-clock time, such as ``28.03.2027, 02:30 Uhr``."""
    day = day_text(wall.date())
    return t(f"{day.de}, {wall:%H:%M} Uhr", f"{day.en}, {wall:%H:%M}")


def span_text(start: datetime, end: datetime, zone: ZoneInfo) -> Text:
    """A span in the town's wall-clock time; the day stands once when it begins and ends on the same one."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    day = day_text(first.date())
    if first.date() == last.date():
        return t(f"{day.de}, {first:%H:%M} bis {last:%H:%M} Uhr", f"{day.en}, {first:%H:%M} to {last:%H:%M}")
    other = day_text(last.date())
    return t(
        f"{day.de}, {first:%H:%M} Uhr bis {other.de}, {last:%H:%M} Uhr",
        f"{day.en}, {first:%H:%M} to {other.en}, {last:%H:%M}",
    )


def length_text(minutes: int) -> Text:
    """A length of time in the largest unit that fits without a remainder."""
    if minutes and minutes % 1440 == 0:
        days = minutes // 1440
        return t(f"{days} Tage" if days > 1 else "1 Tag", f"{days} days" if days > 1 else "1 day")
    if minutes and minutes % 60 == 0:
        hours = minutes // 60
        return t(f"{hours} Stunden" if hours > 1 else "1 Stunde", f"{hours} hours" if hours > 1 else "1 hour")
    return t(f"{minutes} Minuten", f"{minutes} minutes")
