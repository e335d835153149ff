"""The five operations in the schema of the plugin of functions: plain lists, arguments at the field that reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .queries import QUERIES

DOCUMENTS = {
    "Q1": """query Resources($first: Int!) { race { resources(first: $first) {
  id slug name kind description persons wheelchair units equipment place { id name address } } } }""",
    "Q2": """query Rooms($from: DateTime!) { race { resources(first: 20, kind: ROOM, after: $from, bookings: 5) {
  id name persons place { id name } bookings { startsAt endsAt quantity } } } }""",
    "Q3": """query Service($id: ID!) { race { service(id: $id) {
  id name alternateName description url email feesDescription openingHours appointmentRequired telehealth
  verifiedOn updatedAt organization { id name website } } } }""",
    "Q4": """query Series($id: ID!, $from: DateTime!, $to: DateTime!) { race {
  datastream(id: $id, from: $from, to: $to, points: 1000) {
    title unit device { name devEui } observations { time value } } } }""",
    "Q5": """query Start { race {
  town { slug name }
  measures(first: 10) { key title lead fromYear }
  topics(first: 20) { key title }
  procedures(first: 10) { id slug title summary kind publishedAt }
  organizations(first: 10) { id name website }
  places(first: 20) { ...House address wheelchair position }
  resources(first: 10) { id name persons place { ...House } }
  datastreams(first: 10) { id title unit thing { id name place } }
} } fragment House on RaceHouse { id name }""",
}
_SHAPES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Q1": lambda found: {"booking": found},
    "Q2": lambda found: {"booking": found},
    "Q3": lambda found: {"healthDirectory": found},
    "Q4": lambda found: {"lorawan": found},
    "Q5": lambda found: {
        "tenant": found["town"],
        "measures": found["measures"],
        "atlas": {name: found[name] for name in ("topics", "procedures")},
        "healthDirectory": {"organizations": found["organizations"]},
        "booking": {name: found[name] for name in ("places", "resources")},
        "lorawan": {"datastreams": found["datastreams"]},
    },
}
_PLAIN = frozenset({"equipment", "coordinates"})
"""Lists of words and of numbers."""


def body(query: str) -> bytes:
    """The JSON body of a request."""
    return json.dumps({"query": DOCUMENTS[query], "variables": QUERIES[query].variables}).encode()


def as_ours(query: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Its answer in the shape of the others: lists of objects are pages."""
    data = answer.get("data")
    if not isinstance(data, dict):
        return answer
    return answer | {"data": _SHAPES[query](_paged(data["race"]))}


def _paged(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _paged(entry, name) for name, entry in value.items()}
    if isinstance(value, list) and key not in _PLAIN:
        return {"nodes": [_paged(entry) for entry in value]}
    return value
