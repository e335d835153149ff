"""Three small towns for tests. Facts are shortened; every plugin is on in two of them, none in the third."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from regiohub.tenancy.config import MeasureEntry, SharingEntry, TenantFile, Town, TownMeasure

MEASURE = "modellvorhaben"
"""Key of the one measure that every test town has."""


def town(
    slug: str,
    *,
    ags: str,
    state: str,
    centre: tuple[float, float],
    enable: Iterable[str] = (),
    shares: Iterable[str] = (),
) -> Town:
    """A sound town with one measure; `shares` are dataset ids it gives to the region."""
    consents = tuple(
        SharingEntry.model_validate(
            {"dataset": dataset, "reader": "region", "purpose": "Test", "legal_basis": "Test", "from": date(2020, 1, 1)}
        )
        for dataset in shares
    )
    file = TenantFile.model_validate(
        {
            "slug": slug, "name": f"Stadt {slug}", "short_name": slug.title(), "ags": ags, "state": state,
            "centre": list(centre), "enable": tuple(sorted(enable)), "sharing": consents,
            "measures": ({"id": MEASURE, "title": "Modellvorhaben", "fields": ("Stadt für alle",)},),
        }
    )  # fmt: skip
    entry = MeasureEntry(id=MEASURE, title="Modellvorhaben", fields=("Stadt für alle",))
    measure = TownMeasure(entry=entry, bundle_id=None, bundle_title=None, bundle_title_en=None, programme_id=None)
    return Town(folder=Path(slug), file=file, programme=None, measures=(measure,), hosts=(f"{slug}.test",))


_PLACES = {
    "potsdam": ("12054000", "BB", (13.0591, 52.3906)),
    "bad-belzig": ("12069020", "BB", (12.595, 52.142)),
    "berlin": ("11000000", "BE", (13.405, 52.52)),
}


def named_town(slug: str, number: int, enable: Iterable[str] = (), shares: Iterable[str] = ()) -> Town:
    """One of the three towns by its name, or an invented one in Brandenburg; `number` tells invented ones apart."""
    ags, state, centre = _PLACES.get(slug, (f"12999{number:03d}", "BB", (13.0, round(52.0 + number / 100, 4))))
    return town(slug, ags=ags, state=state, centre=centre, enable=enable, shares=shares)


def small_towns(plugins: Iterable[str], datasets: Iterable[str]) -> list[Town]:
    """Potsdam and Bad Belzig with every plugin on and every dataset shared, Berlin with nothing."""
    plugins, datasets = list(plugins), list(datasets)
    return [
        named_town("potsdam", 1, plugins, datasets),
        named_town("bad-belzig", 2, plugins, datasets),
        named_town("berlin", 3),
    ]
