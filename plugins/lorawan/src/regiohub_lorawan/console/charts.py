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
    """What the chart of the console reads: times in seconds, one line, its band, and which values are in doubt."""
    samples = span.samples
    doubts = [int(sample.quality is not Quality.GOOD) for sample in samples]
    line: dict[str, Any] = {
        "label": stream.title if span.grain is Grain.RAW else f"{stream.title}: {_MEAN.get(language)}",
        "unit": words.unit_label(stream.unit),
        "values": [sample.value for sample in samples],
        "kind": "line",
    }
    if span.grain is not Grain.RAW:
        line["low"] = [sample.minimum for sample in samples]
        line["high"] = [sample.maximum for sample in samples]
    return {
        "times": [sample.at.timestamp() for sample in samples],
        "series": [line],
        "quality": doubts if any(doubts) else None,
    }


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
    )


def quality(sample: Sample) -> Cell:
    """How far a value can be trusted."""
    if sample.quality is Quality.GOOD:
        return Cell(t("plausibel", "plausible"), badge="good")
    return Cell(words.IMPLAUSIBLE, badge="bad")
