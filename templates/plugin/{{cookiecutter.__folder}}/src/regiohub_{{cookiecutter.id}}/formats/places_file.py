"""Files with places: CSV as spreadsheets write it, or GeoJSON (RFC 7946). Each entry becomes plain values or a fault."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from regiohub.api import DomainError, InvalidInput, t

MOST_ENTRIES = 5_000
COLUMNS = ("id", "name", "kind", "address", "description", "wheelchair", "lon", "lat", "hours")
_YES_NO: Mapping[str, bool | None] = {
    "yes": True, "ja": True, "true": True, "1": True, "no": False, "nein": False, "false": False, "0": False, "": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of a file: its line or number, and its values or the fault that keeps it from having any."""

    number: int
    values: Mapping[str, Any]
    fault: DomainError | None = None


def read_file(raw: bytes) -> list[Found]:
    """The entries of a CSV or GeoJSON file; what it is shows by its first character.

    :raises InvalidInput: the whole cannot be read: not UTF-8, no such file, too many entries.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _fault("Die Datei ist nicht in UTF-8 gespeichert.", "The file is not saved as UTF-8.") from None
    if not text.strip():
        raise _fault("Die Datei ist leer.", "The file is empty.")
    found: list[Found] = []
    for entry in _features(text) if text.lstrip().startswith("{") else _lines(text):
        if len(found) == MOST_ENTRIES:
            raise _fault(f"Mehr als {MOST_ENTRIES} Einträge.", f"More than {MOST_ENTRIES} entries.")
        found.append(entry)
    return found


def _lines(text: str) -> Iterator[Found]:
    first = text.lstrip().partition("\n")[0]
    table = csv.DictReader(io.StringIO(text.lstrip()), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        names = [name.strip().lower() for name in table.fieldnames or ()]
        if not {"id", "name"} <= set(names):
            raise _fault(
                f"Die erste Zeile nennt die Spalten; „id“ und „name“ müssen dabei sein. Bekannt: {', '.join(COLUMNS)}.",
                f"The first line names the columns; “id” and “name” must be among them. Known: {', '.join(COLUMNS)}.",
            )
        table.fieldnames = names
        for row in table:
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            yield _entry(table.line_num, cells, {})
    except csv.Error:
        raise _fault("Die Datei ist keine gültige CSV-Datei.", "The file is not a valid CSV file.") from None


def _features(text: str) -> Iterator[Found]:
    try:
        content: Any = orjson.loads(text)
    except orjson.JSONDecodeError as broken:
        raise _fault(f"Kein gültiges JSON (Zeile {broken.lineno}).", f"Not valid JSON (line {broken.lineno}).") from None
    features = content.get("features")
    if content.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise _fault("Erwartet wird eine FeatureCollection.", "A FeatureCollection is expected.")
    for number, feature in enumerate(features, 1):
        whole = feature if isinstance(feature, dict) else {}
        given = whole.get("properties")
        properties: dict[str, Any] = given if isinstance(given, dict) else {}
        cells = {name: _plain(properties.get(name)) for name in COLUMNS}
        cells["id"] = cells["id"] or _plain(whole.get("id"))
        yield _entry(number, cells, whole)


def _entry(number: int, cells: Mapping[str, str], feature: Mapping[str, Any]) -> Found:
    """An entry of its cells; the location is that of the feature, or made of the cells ``lon`` and ``lat``."""
    kept = {name: cells[name] for name in ("name", "kind", "address", "description", "hours")}
    values: dict[str, Any] = kept | {"external_id": cells["id"], "kind": cells["kind"].lower()}
    try:
        if not cells["id"]:
            raise _fault("Hier fehlt die Kennung.", "The id is missing here.", "id")
        if cells["wheelchair"].lower() not in _YES_NO:
            raise _fault("Erwartet wird ja oder nein.", "Expected is yes or no.", "wheelchair")
        values |= {"wheelchair": _YES_NO[cells["wheelchair"].lower()], "location": feature.get("geometry") or _point(cells["lon"], cells["lat"])}
    except DomainError as fault:
        return Found(number, values, fault)
    return Found(number, values)


def _point(lon: str, lat: str) -> dict[str, Any] | None:
    if not lon and not lat:
        return None
    try:
        return {"type": "Point", "coordinates": [float(lon.replace(",", ".")), float(lat.replace(",", "."))]}
    except ValueError:
        raise _fault("Länge und Breite sind Zahlen in Grad.", "Longitude and latitude are numbers in degrees.", "lon") from None


def _plain(value: Any) -> str:
    return {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else str(value).strip()


def _fault(de: str, en: str, field: str = "content") -> InvalidInput:
    return InvalidInput(t(de, en), field=field)
