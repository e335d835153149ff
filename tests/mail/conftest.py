"""A plugin's package with mail templates, and a town."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from regiohub.tenancy.info import TenantInfo

FILES = {
    "confirmed.de.txt": (
        "Buchung bestätigt: {{ room }}\nGuten Tag,\n\n{{ room }} ist am {{ starts_at | datetime }} für Sie frei.\n"
        "Preis: {{ price | money }}\n{% include 'core/footer.de.txt' %}\n"
    ),
    "confirmed.en.txt": (
        "Booking confirmed: {{ room }}\n{{ room }} is yours on {{ starts_at | date }} at {{ starts_at | time }}"
        " ({{ price | money }}, {{ seats | number }} seats).\n"
    ),
    "confirmed.de.html": (
        "{% extends 'core/layout.html' %}{% block content %}<p>{{ room }}: {{ starts_at | date }}</p>{% endblock %}"
    ),
    "broken.de.txt": "Gebrochen\n{{ missing.attribute }}\n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Import name of a package with templates in its folder ``mail``."""
    folder = tmp_path / "posted_plugin"
    (folder / "mail").mkdir(parents=True)
    (folder / "__init__.py").touch()
    for name, content in FILES.items():
        (folder / "mail" / name).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "posted_plugin"


@pytest.fixture
def town() -> TenantInfo:
    """Potsdam."""
    return TenantInfo(
        id=1, slug="potsdam", name="Landeshauptstadt Potsdam", short_name="Potsdam", ags="12054000", subdivision="BB",
        timezone=ZoneInfo("Europe/Berlin"), centre=(13.06, 52.39),
    )  # fmt: skip
