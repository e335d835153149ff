"""Phases and dates as a picture: shares of the width in percent, so that it fits any screen without styles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from regiohub.api import Language, Text, t
from regiohub_atlas.models import Phase, ProcedureEvent
from regiohub_atlas.models.enums import PhaseKind
from regiohub_atlas.wording import PHASE

ROW = 44
_OPEN_DAYS = 90
"""How long a phase with an open end is drawn beyond today or its first day."""
_MARKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase: from where, how wide (percent), in which row (pixels)."""

    label: str
    kind: PhaseKind
    x: float
    width: float
    y: int
    open_end: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on the scale: where (percent), its words and how they are anchored."""

    x: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Row:
    """A phase in the table beside the picture."""

    label: Text | str
    kind: Text
    starts_on: date
    ends_on: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture and its table. ``summary`` says the same in one sentence."""

    bars: Sequence[Bar]
    marks: Sequence[Mark]
    dots: Sequence[Mark]
    today: float | None
    height: int
    rows: Sequence[Row]
    summary: Text


def timeline_of(
    phases: Sequence[Phase], dates: Sequence[ProcedureEvent], day: date, language: Language
) -> Timeline | None:
    """The timeline of a procedure on a day; None without phases."""
    if not phases:
        return None
    ends = {phase.id: phase.ends_on or max(day, phase.starts_on) + timedelta(days=_OPEN_DAYS) for phase in phases}
    first = min([phase.starts_on for phase in phases] + [event.day for event in dates])
    last = max([*ends.values(), *(event.day for event in dates)])
    span = max((last - first).days + 1, 1)

    def share(at: date) -> float:
        return round((at - first).days * 100 / span, 2)

    bars = [
        Bar(
            phase.title or PHASE[phase.kind].get(language), phase.kind, share(phase.starts_on),
            round(((ends[phase.id] - phase.starts_on).days + 1) * 100 / span, 2), place * ROW, phase.ends_on is None,
        )
        for place, phase in enumerate(phases)
    ]  # fmt: skip
    rows = [
        Row(
            phase.title or PHASE[phase.kind], PHASE[phase.kind], phase.starts_on, phase.ends_on,
            phase.starts_on <= day and (phase.ends_on is None or day <= phase.ends_on),
        )
        for phase in phases
    ]  # fmt: skip
    return Timeline(
        bars, _scale(first, span, language), [Mark(share(event.day), event.title) for event in dates],
        share(day) if first <= day <= last else None, len(phases) * ROW, rows, _summary(rows),
    )  # fmt: skip


def _scale(first: date, span: int, language: Language) -> list[Mark]:
    steps = [round(step * (span - 1) / (_MARKS - 1)) for step in range(_MARKS)] if span >= _MARKS else [0]
    anchors = ["start", *["middle"] * (len(steps) - 2), "end"] if len(steps) > 1 else ["start"]
    locale = "en_GB" if language == "en" else "de_DE"
    return [
        Mark(round(step * 100 / span, 2), format_date(first + timedelta(days=step), "MMM yyyy", locale=locale), anchor)
        for step, anchor in zip(steps, anchors, strict=True)
    ]


def _summary(rows: Sequence[Row]) -> Text:
    now = [row for row in rows if row.current]
    if not now:
        return t(f"{len(rows)} Phasen, heute läuft keine.", f"{len(rows)} phases, none of them today.")
    names = [row.label if isinstance(row.label, Text) else Text(row.label, row.label) for row in now]
    return Text(
        f"{len(rows)} Phasen, heute: {', '.join(name.de for name in names)}.",
        f"{len(rows)} phases, today: {', '.join(name.en for name in names)}.",
    )
