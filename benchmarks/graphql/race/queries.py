"""The five operations, as a client of ours sends them. Each contender answers them with the same values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .seed.facts import FIRST_BOOKING, FIRST_VALUE, STEP, ident

FROM = FIRST_BOOKING + timedelta(days=20)
"""Half of each room's bookings lie before it."""
SERVICE = ident("service", 42)
DATASTREAM, SERIES = ident("datastream", 2), 3
SPAN_FROM = FIRST_VALUE + timedelta(days=3)
POINTS = 1000
SPAN_TO = SPAN_FROM + POINTS * STEP


def iso(moment: datetime) -> str:
    """The written form of a moment in variables and answers."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Query:
    """An operation: document, variables, and what it stands for."""

    title: str
    document: str
    variables: dict[str, Any] = field(default_factory=dict[str, Any])

    def body(self) -> bytes:
        """The JSON body of a request."""
        return json.dumps({"query": self.document, "variables": self.variables}).encode()


SPAN_VARIABLES = {"id": str(DATASTREAM), "from": iso(SPAN_FROM), "to": iso(SPAN_TO)}

QUERIES = {
    "Q1": Query(
        "list of 100 with a nested object",
        """query Resources($first: Int!) { booking { resources(first: $first) { nodes {
  id slug name kind description persons wheelchair units equipment place { id name address } } } } }""",
        {"first": 100},
    ),
    "Q2": Query(
        "20 rooms, each with its next 5 bookings",
        """query Rooms($from: DateTime!) { booking { resources(first: 20, filter: {kind: ROOM}) { nodes {
  id name persons place { id name }
  bookings(first: 5, filter: {from: $from}) { nodes { startsAt endsAt quantity } } } } } }""",
        {"from": iso(FROM)},
    ),
    "Q3": Query(
        "one object by id with a nested object",
        """query Service($id: ID!) { healthDirectory { service(id: $id) {
  id name alternateName description url email feesDescription openingHours appointmentRequired telehealth
  verifiedOn updatedAt organization { id name website } } } }""",
        {"id": str(SERVICE)},
    ),
    "Q4": Query(
        "1,000 observations of a series",
        """query Series($id: ID!, $from: DateTime!, $to: DateTime!) { lorawan { datastream(id: $id) {
  title unit device { name devEui }
  observations(first: 1000, from: $from, to: $to) { nodes { time value } } } } }""",
        SPAN_VARIABLES,
    ),
    "Q5": Query(
        "eight root fields",
        """query Start {
  tenant { slug name }
  measures(first: 10) { nodes { key title lead fromYear } }
  atlas {
    topics(first: 20) { nodes { key title } }
    procedures(first: 10, orderBy: NEWEST_FIRST) { nodes { id slug title summary kind publishedAt } }
  }
  healthDirectory { organizations(first: 10) { nodes { id name website } } }
  booking {
    places(first: 20) { nodes { ...House address wheelchair position } }
    resources(first: 10) { nodes { id name persons place { ...House } } }
  }
  lorawan { datastreams(first: 10) { nodes { id title unit thing { id name place } } } }
}
fragment House on BookingPlace { id name }""",
    ),
}
