"""From rows to what a template prints: words in the reader's language, nothing that is not known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from regiohub.plugins.manifest import Plugin
from regiohub.plugins.parts import Link
from regiohub.tenancy.portfolio import MeasureView
from regiohub.texts import Language

from .words import STATUS, term


@dataclass(frozen=True, slots=True)
class Card:
    """A measure as printed.

    ``language`` is that of title and summary where it is not the page's; ``plugins`` are ids and titles; ``links`` are
    words, count and address.
    """

    key: str
    title: str
    language: Language | None
    summary: str | None
    lead: str | None
    partners: Sequence[str]
    fields: Sequence[str]
    term: str | None
    phase: str | None
    status: str | None
    status_key: str | None
    plugins: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Measures under one heading; without a title for those that belong to none."""

    title: str | None
    cards: Sequence[Card]


def bundles(
    measures: Iterable[MeasureView],
    plugins: Mapping[str, Plugin],
    held: Mapping[str, Sequence[Link]],
    spoken: Language,
) -> list[Bundle]:
    """The measures in their order, grouped by bundle."""
    groups: list[Bundle] = []
    for _, members in groupby(measures, key=lambda view: view.row.bundle_key):
        views = list(members)
        row = views[0].row
        title = (row.bundle_title_en if spoken == "en" else None) or row.bundle_title
        groups.append(Bundle(title, [card(view, plugins, held, spoken) for view in views]))
    return groups


def card(
    view: MeasureView, plugins: Mapping[str, Plugin], held: Mapping[str, Sequence[Link]], spoken: Language
) -> Card:
    """One measure in the reader's language; German where there is no English."""
    row = view.row
    english = spoken == "en"
    return Card(
        key=row.key,
        title=(row.title_en if english else None) or row.title,
        language="de" if english and not row.title_en else None,
        summary=(row.summary_en if english else None) or row.summary,
        lead=row.lead,
        partners=row.partners,
        fields=row.fields,
        term=term(row.from_year, row.to_year, spoken),
        phase=row.phase,
        status=STATUS[row.status].get(spoken) if row.status in STATUS else row.status,
        status_key=row.status,
        plugins=[(id_, plugins[id_].title.get(spoken)) for id_ in view.plugins if id_ in plugins],
        links=[(link.title.get(spoken), link.count, link.url) for id_ in view.plugins for link in held.get(id_, ())],
    )
