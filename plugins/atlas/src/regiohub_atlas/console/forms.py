"""Forms of the atlas's pages. The rules stand in the service's drafts; forms only ask."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regiohub.api import Text, t
from regiohub.api.console import FormModel, asked
from regiohub_atlas import wording


def _choices(words: Mapping[Any, Text]) -> tuple[tuple[str, Text], ...]:
    return tuple((member.value, text) for member, text in words.items())


_YES_NO_UNKNOWN = (("", t("nicht geprüft", "not checked")), ("yes", t("ja", "yes")), ("no", t("nein", "no")))


class NewForm(FormModel):
    """A procedure begins with a title."""

    title: str = asked(t("Titel", "Title"), min_length=3, max_length=200)
    kind: str = asked(t("Art", "Kind"), kind="choice", choices=_choices(wording.KIND))
    summary: str | None = asked(
        t("Zusammenfassung", "Summary"),
        default=None,
        kind="textarea",
        help=t("Ein, zwei Sätze: Worum geht es, was ist zu entscheiden?", "One or two sentences: what is it about?"),
    )


class DetailsForm(FormModel):
    """The main fields of a procedure."""

    title: str = asked(t("Titel", "Title"), min_length=3, max_length=200)
    summary: str | None = asked(t("Zusammenfassung", "Summary"), default=None, kind="textarea", rows=3)
    description: str | None = asked(t("Beschreibung", "Description"), default=None, kind="textarea", rows=10)
    kind: str = asked(t("Art", "Kind"), kind="choice", choices=_choices(wording.KIND))
    formal: bool = asked(t("Förmliches Verfahren, vom Gesetz verlangt", "Formal, prescribed by law"), default=False)
    level: str | None = asked(
        t("Stufe der Beteiligung", "Level of participation"),
        default=None,
        kind="choice",
        choices=_choices(wording.LEVEL),
    )
    topics: list[str] = asked(
        t("Themen", "Topics"),
        default=[],
        help=t("Eines je Zeile. Neue kommen in die Liste der Kommune.", "One a line. New ones join the town's list."),
    )
    starts_on: date | None = asked(t("Beginn", "Beginning"), default=None)
    start_precision: str = asked(
        t("Beginn bekannt", "Beginning known"), kind="choice", choices=_choices(wording.PRECISION)
    )
    ends_on: date | None = asked(t("Ende", "End"), default=None)
    end_precision: str = asked(t("Ende bekannt", "End known"), kind="choice", choices=_choices(wording.PRECISION))
    audience: str | None = asked(t("Wer gemeint ist", "Who is meant"), default=None, kind="textarea", rows=2)
    take_part: list[str] = asked(
        t("Wege mitzumachen", "Ways to take part"), default=[], kind="several", choices=_choices(wording.TAKE_PART)
    )
    commitment: str | None = asked(
        t("Dauer des Mitmachens", "How long one takes part"),
        default=None,
        kind="choice",
        choices=_choices(wording.COMMITMENT),
    )
    minutes_per_week: int | None = asked(
        t("Aufwand je Woche", "Effort a week"), default=None, unit="min", ge=1, le=10_080
    )
    accessibility: str | None = asked(
        t("Barrierefreiheit", "Accessibility"),
        default=None,
        kind="textarea",
        rows=2,
        help=t("Zugang, Sprachen, Gebärdensprache, Kinderbetreuung.", "Access, languages, sign language, childcare."),
    )
    contact: str | None = asked(
        t("Ansprechstelle", "Contact"),
        default=None,
        kind="textarea",
        rows=2,
        help=t("Eine Stelle der Verwaltung, keine Privatpersonen.", "An office, no private persons."),
    )
    cost_min: Decimal | None = asked(t("Kosten von", "Costs from"), default=None, kind="number", unit="€")
    cost_max: Decimal | None = asked(t("Kosten bis", "Costs up to"), default=None, kind="number", unit="€")
    cost_text: str | None = asked(t("Kosten in Worten", "Costs in words"), default=None, max_length=250)
    result: str | None = asked(t("Ergebnis", "Result"), default=None, kind="textarea", rows=4)
    outcome: str | None = asked(t("Was daraus wurde", "What became of it"), default=None, kind="textarea", rows=4)


GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (t("Worum es geht", "What it is about"), ("title", "summary", "description", "kind", "formal", "level", "topics")),
    (t("Wann", "When"), ("starts_on", "start_precision", "ends_on", "end_precision")),
    (
        t("Wer mitmachen kann", "Who can take part"),
        ("audience", "take_part", "commitment", "minutes_per_week", "accessibility", "contact"),
    ),
    (t("Kosten", "Costs"), ("cost_min", "cost_max", "cost_text")),
    (t("Was herauskam", "What came of it"), ("result", "outcome")),
)
"""The fields of the details in groups, each with a heading."""


class PlaceForm(FormModel):
    """Where a procedure is."""

    city_wide: bool = asked(t("Im ganzen Ort", "For the whole town"), default=False)
    place_label: str | None = asked(
        t("Ort in Worten", "Place in words"),
        default=None,
        max_length=250,
        help=t("Zum Beispiel: Platz an der Kirche", "For example: square at the church"),
    )
    districts: list[str] = asked(t("Ortsteile", "Districts"), default=[], help=t("Einer je Zeile.", "One a line."))
    place_approximate: bool = asked(
        t("Der Ort auf der Karte ist nur ungefähr", "The place is approximate"), default=False
    )
    place: dict[str, Any] | None = asked(
        t("Ort auf der Karte", "Place on the map"),
        default=None,
        kind="geometry",
        help=t(
            "Zeichnen Sie auf der Karte, oder schreiben Sie GeoJSON mit Länge und Breite in Grad (WGS 84): "
            '{"type": "Point", "coordinates": [13.06, 52.39]}',
            "Draw on the map, or write GeoJSON with longitude and latitude in degrees (WGS 84): "
            '{"type": "Point", "coordinates": [13.06, 52.39]}',
        ),
    )


class PhaseForm(FormModel):
    """A phase."""

    kind: str = asked(t("Was geschieht", "What happens"), kind="choice", choices=_choices(wording.PHASE))
    title: str | None = asked(t("Eigener Titel", "Title of its own"), default=None, max_length=250)
    starts_on: date = asked(t("Erster Tag", "First day"))
    ends_on: date | None = asked(
        t("Letzter Tag", "Last day"), default=None, help=t("Leer, solange das Ende offen ist.", "Empty while open.")
    )


class ActorForm(FormModel):
    """An organisation."""

    name: str = asked(
        t("Name", "Name"), min_length=1, max_length=250, help=t("Eine Stelle, keine Person.", "A body, no person.")
    )
    role: str = asked(t("Rolle", "Role"), kind="choice", choices=_choices(wording.ROLE))


class LinkForm(FormModel):
    """A reference to another place."""

    title: str = asked(t("Titel", "Title"), min_length=1, max_length=250)
    url: str = asked(t("Adresse", "Address"), min_length=1, max_length=2_000, help=t("https://…", "https://…"))
    kind: str = asked(t("Wohin er führt", "Where it leads"), kind="choice", choices=_choices(wording.LINK))


class DocumentForm(FormModel):
    """What a reader needs to know about a document before opening it."""

    title: str = asked(t("Titel", "Title"), min_length=1, max_length=250)
    kind: str = asked(t("Art", "Kind"), kind="choice", choices=_choices(wording.DOCUMENT))
    url: str | None = asked(
        t("Adresse", "Address"),
        default=None,
        max_length=2_000,
        help=t("Wo das Dokument steht, wenn Sie keine Datei hochladen.", "Where it stands if you upload no file."),
    )
    published_on: date | None = asked(t("Veröffentlicht am", "Published on"), default=None)
    licence: str | None = asked(t("Lizenz", "Licence"), default=None, max_length=250)
    accessible: str | None = asked(
        t("Barrierefrei", "Accessible"), default=None, kind="choice", choices=_YES_NO_UNKNOWN[1:]
    )
    alt_text: str | None = asked(
        t("Bei Bildern: Was ist zu sehen?", "For images: what do they show?"),
        default=None,
        kind="textarea",
        rows=2,
        help=t(
            "Für Menschen, die das Bild nicht sehen. Pflicht bei Bildern.", "For those who cannot see it. Required."
        ),
    )
    copyright: str | None = asked(
        t("Bei Bildern: Wer hat die Rechte?", "For images: who holds the rights?"),
        default=None,
        max_length=250,
        help=t("Pflicht bei Bildern.", "Required for images."),
    )


class DateForm(FormModel):
    """A date: a whole day, or a time."""

    title: str = asked(t("Titel", "Title"), min_length=3, max_length=200)
    day: date | None = asked(
        t("Ganzer Tag", "Whole day"), default=None, help=t("Entweder der Tag oder die Uhrzeit.", "The day or the time.")
    )
    starts_at: datetime | None = asked(t("Beginn mit Uhrzeit", "Start with time"), default=None)
    ends_at: datetime | None = asked(t("Ende mit Uhrzeit", "End with time"), default=None)
    venue: str | None = asked(t("Wo", "Where"), default=None, max_length=250)
    online_url: str | None = asked(t("Adresse zum Mitmachen online", "Address to join online"), default=None)
    accessibility: str | None = asked(t("Barrierefreiheit", "Accessibility"), default=None, kind="textarea", rows=2)
    note: str | None = asked(t("Hinweis", "Note"), default=None, kind="textarea", rows=2)
    status: str = asked(t("Stand", "State"), kind="choice", choices=_choices(wording.EVENT_STATUS))


class StatusForm(FormModel):
    """A status by hand."""

    status: str | None = asked(
        t("Status von Hand", "Status by hand"),
        default=None,
        kind="choice",
        choices=_choices(wording.STATUS),
        help=t("Leer: Er folgt aus den Phasen.", "Empty: it follows from the phases."),
    )
    note: str | None = asked(t("Warum, für alle lesbar", "Why, for everybody to read"), default=None, max_length=2_000)


LANGUAGES: Mapping[str, Text] = {
    "de": t("Deutsch", "German"),
    "en": t("Englisch", "English"),
    "ar": t("Arabisch", "Arabic"),
    "fr": t("Französisch", "French"),
    "pl": t("Polnisch", "Polish"),
    "ru": t("Russisch", "Russian"),
    "tr": t("Türkisch", "Turkish"),
    "uk": t("Ukrainisch", "Ukrainian"),
    "vi": t("Vietnamesisch", "Vietnamese"),
}
"""Languages that the form offers; others come by the API."""


class NewTextForm(FormModel):
    """Which version is begun."""

    variety: str = asked(t("Fassung", "Version"), kind="choice", choices=_choices(wording.VARIETY))
    language: str = asked(t("Sprache", "Language"), kind="choice", choices=tuple(LANGUAGES.items()))


class TextForm(FormModel):
    """A procedure in other words."""

    title: str | None = asked(t("Titel", "Title"), default=None, max_length=200)
    summary: str | None = asked(t("Zusammenfassung", "Summary"), default=None, kind="textarea", rows=3)
    body: str | None = asked(t("Text", "Text"), default=None, kind="textarea", rows=14)


class ImportForm(FormModel):
    """A participation file, pasted."""

    content: str | None = asked(
        t("Oder der Inhalt der Datei", "Or the content of the file"), default=None, kind="code", rows=10
    )
