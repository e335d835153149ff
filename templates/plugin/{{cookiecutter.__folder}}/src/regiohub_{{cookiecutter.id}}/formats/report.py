"""Reports from the spot: ``{"place": "wc-market", "open": true, "at": "2026-06-01T08:00:00Z"}``."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, ValidationError

from regiohub.api import InvalidInput, t

MOST_BYTES = 10_000
_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Report:
    """What a door contact, a button or a person tells. ``place`` is the id that it goes by there."""

    place: str
    open: bool
    at: datetime


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    place: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    open: StrictBool
    at: AwareDatetime | None = None


def read_report(body: bytes, now: datetime) -> Report:
    """A report; without ``at`` it is of now.

    :raises InvalidInput: it is no JSON, a member is missing or wrong, or it is of the future.
    """
    try:
        message = _Message.model_validate_json(body)
    except ValidationError as invalid:
        where = ".".join(str(part) for part in invalid.errors(include_url=False)[0]["loc"])
        words = t(
            "Diese Meldung ist nicht zu lesen. Erwartet wird JSON mit „place“, „open“ und, wenn nötig, „at“.",
            "This report cannot be read. Expected is JSON with “place”, “open” and, if need be, “at”.",
        )
        raise InvalidInput(words, field=where or None) from None
    at = message.at or now
    if at > now + _TOLERANCE:
        raise InvalidInput(t("Die Meldung kommt aus der Zukunft.", "The report is from the future."), field="at")
    return Report(message.place, message.open, at)
