"""Opening hours as staff type them."""

from collections.abc import Sequence
from datetime import time

from regiohub.api import Ctx, InvalidInput, Text, column, input_type, t
from regiohub_health_directory.errors import malformed_hours
from regiohub_health_directory.service.hours import (
    HoursSyntaxError,
    HoursWarning,
    WeekBlock,
    check_hours,
    describe_hours,
    hours_from_form,
)

from .values import HoursWarningType, OpeningHoursCheckType

_DAY_NAMES = {"Mo": t("Mo", "Mon"), "Tu": t("Di", "Tue"), "We": t("Mi", "Wed"), "Th": t("Do", "Thu"),
              "Fr": t("Fr", "Fri"), "Sa": t("Sa", "Sat"), "Su": t("So", "Sun")}  # fmt: skip
_WARNINGS: dict[HoursWarning, Text] = {
    HoursWarning.OVERRIDDEN: t(
        "Nach dem Semikolon ersetzt die zweite Angabe die erste ganz: {days} verlieren ihre früheren Zeiten. "
        "Sollen beide gelten, trennt sie ein Komma.",
        "After the semicolon the second rule replaces the first one: {days} lose their earlier times. "
        "Put a comma between them if both hold.",
    ),
    HoursWarning.OVER_MIDNIGHT: t(
        "Ein Ende liegt vor seinem Anfang: so gilt es bis zum nächsten Tag.",
        "An end stands before its start: it then holds until the next day.",
    ),
    HoursWarning.SCHOOL_HOLIDAYS: t(
        "Schulferien (SH) werden angezeigt, aber nicht ausgewertet.",
        "School holidays (SH) are shown but not evaluated.",
    ),
    HoursWarning.SPELLING: t("Die Schreibweise wurde vereinheitlicht.", "The spelling was made uniform."),
}


@input_type
class HealthHoursBlockInput:
    """One line of the form: weekdays with one span of times, or without times for by appointment."""

    days: list[int] = column("Weekdays, Monday is 1 and Sunday is 7.")
    opens: time | None = column("Start.", default=None)
    closes: time | None = column("End; not after the start means on the next day.", default=None)


def hours_of_blocks(blocks: Sequence[HealthHoursBlockInput], closed_on_holidays: bool) -> str:
    """The text of the form's lines; raises `InvalidInput`."""
    try:
        return hours_from_form(
            [WeekBlock(frozenset(day - 1 for day in b.days), b.opens or None, b.closes or None) for b in blocks],
            closed_on_holidays=closed_on_holidays,
        )
    except ValueError:
        message = t(
            "Jede Zeile braucht Wochentage von 1 bis 7 und entweder beide Zeiten oder keine.",
            "Each line needs weekdays from 1 to 7 and either both times or none.",
        )
        raise InvalidInput(message, field="blocks") from None


def checked_hours(ctx: Ctx, text: str) -> OpeningHoursCheckType:
    """The outcome of the check, in the caller's language."""
    try:
        found = check_hours(text)
    except HoursSyntaxError as error:
        message = malformed_hours(error, "text").message.get(ctx.locale)
        return OpeningHoursCheckType(
            valid=False, text=None, description=None, position=error.position, message=message, warnings=[]
        )
    days = ", ".join(_DAY_NAMES[day].get(ctx.locale) for day in found.overridden_days)
    warnings = [
        HoursWarningType(code=warning.value.upper(), message=_WARNINGS[warning].format(days=days).get(ctx.locale))
        for warning in found.warnings
    ]
    today = ctx.now().astimezone(ctx.tenant.timezone).date()
    return OpeningHoursCheckType(
        valid=True,
        text=found.text,
        description=describe_hours(found.text, ctx.locale, today),
        position=None,
        message=None,
        warnings=warnings,
    )
