"""Spans of a series as the data of a chart, and as the table beside it."""

from typing import Any

from regiohub.api import Language, t
from regiohub.api.console import Cell, Column, Listing
from regiohub_lorawan.console import words
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models import Datastream
from regiohub_lorawan.service.series import Grain, Sample, Span

_MEAN = t("Mittelwert", "Mean")


def chart_of(stream: Datastream, span: Span, language: Language) -> dict[str, Any]:
    """What the chart of the console reads: times in seconds, one line, its band, and which values are in doubt.

    Where values are missing the line has a gap: an empty place between its neighbours.
    """
    places = _with_gaps(span, stream.expected_interval_s)
    doubts = [int(sample is not None and sample.quality is not Quality.GOOD) for _, sample in places]
    line: dict[str, Any] = {
        "label": stream.title if span.grain is Grain.RAW else f"{stream.title}: {_MEAN.get(language)}",
        "unit": words.unit_label(stream.unit),
        "values": [sample and sample.value for _, sample in places],
        "kind": "line",
    }
    if span.grain is not Grain.RAW:
        line["low"] = [sample and sample.minimum for _, sample in places]
        line["high"] = [sample and sample.maximum for _, sample in places]
    return {"times": [at for at, _ in places], "series": [line], "quality": doubts if any(doubts) else None}


def _with_gaps(span: Span, interval: int | None) -> list[tuple[float, Sample | None]]:
    """The samples with their seconds, and an empty place wherever more than one of them is missing in a row."""
    usual = {Grain.RAW: interval, Grain.HOUR: 3600, Grain.DAY: 86_400}[span.grain]
    found: list[tuple[float, Sample | None]] = []
    for sample in span.samples:
        at = sample.at.timestamp()
        if usual and found and at - found[-1][0] > 2.5 * usual:
            found.append(((found[-1][0] + at) / 2, None))
        found.append((at, sample))
    return found


def samples_listing(stream: Datastream | None) -> Listing:
    """The table of the same values, newest first."""
    unit = words.unit_label(stream.unit) if stream else ""
    suffix = f" ({unit})" if unit else ""
    return Listing(
        "values",
        t("Werte des Zeitraums", "Values of the span"),
        columns=(
            Column("at", t("Zeitpunkt", "Moment"), lambda r: r.at, sort=lambda r: r.at),
            Column(
                "value", t(f"Wert{suffix}", f"Value{suffix}"), lambda r: r.value, sort=lambda r: r.value, numeric=True
            ),
            Column("minimum", t("Kleinster", "Smallest"), lambda r: r.minimum, numeric=True),
            Column("maximum", t("Größter", "Largest"), lambda r: r.maximum, numeric=True),
            Column("count", t("Messungen", "Measurements"), lambda r: r.count, numeric=True),
            Column("quality", t("Güte", "Quality"), quality),
        ),
        order="-at",
        empty=t("In diesem Zeitraum gibt es keine Werte.", "There are no values in this span."),
        per_page=10,
    )


def quality(sample: Sample) -> Cell:
    """How far a value can be trusted."""
    if sample.quality is Quality.GOOD:
        return Cell(t("plausibel", "plausible"), badge="good")
    return Cell(words.IMPLAUSIBLE, badge="bad")
