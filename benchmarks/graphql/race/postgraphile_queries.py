"""The five operations in PostGraphile's schema, aliased so that little is left to be mapped."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from regiohub_lorawan.models.moments import from_millis, to_millis

from .queries import DATASTREAM, FROM, SERVICE, SPAN_FROM, SPAN_TO, iso

DOCUMENTS = {
    "Q1": """query Resources($town: Int!, $first: Int!) {
  resources: allBookingResources(first: $first, condition: {tenantId: $town, active: true},
    orderBy: [NAME_ASC, ROW_ID_ASC]) { nodes {
    id: rowId slug name kind description persons wheelchair units equipment
    place: bookingPlaceByTenantIdAndPlaceId { id: rowId name address } } } }""",
    "Q2": """query Rooms($town: Int!, $from: Datetime!) {
  resources: allBookingResources(first: 20, condition: {tenantId: $town, active: true, kind: "room"},
    orderBy: [NAME_ASC, ROW_ID_ASC]) { nodes {
    id: rowId name persons place: bookingPlaceByTenantIdAndPlaceId { id: rowId name }
    bookings: nextBookings(since: $from, first: 5) { nodes { startsAt endsAt quantity } } } } }""",
    "Q3": """query Service($town: Int!, $id: UUID!) {
  service: healthDirectoryServiceByTenantIdAndRowId(tenantId: $town, rowId: $id) {
    id: rowId name alternateName description url email feesDescription openingHours appointmentRequired telehealth
    verifiedOn updatedAt
    organization: healthDirectoryOrganizationByTenantIdAndOrganizationId { id: rowId name website } } }""",
    "Q4": """query Series($town: Int!, $id: UUID!, $from: BigInt!, $to: BigInt!) {
  datastream: lorawanDatastreamByTenantIdAndRowId(tenantId: $town, rowId: $id) { title unit
    device: lorawanDeviceByTenantIdAndDeviceId { name devEui: eui }
    observations: span(since: $from, until: $to, first: 1000) { nodes { time: ts value } } } }""",
    "Q5": """query Start($town: Int!) {
  tenant: tenantByRowId(rowId: $town) { slug name }
  measures: allCoreMeasures(first: 10, condition: {tenantId: $town}, orderBy: [POSITION_ASC, KEY_ASC]) {
    nodes { key title lead fromYear } }
  topics: allAtlasTopics(first: 20, condition: {tenantId: $town}, orderBy: [TITLE_ASC, ROW_ID_ASC]) {
    nodes { key title } }
  procedures: publishedProcedures(first: 10) { nodes { id: rowId slug title summary kind publishedAt } }
  organizations: allHealthDirectoryOrganizations(first: 10, condition: {tenantId: $town},
    orderBy: [NAME_ASC, ROW_ID_ASC]) { nodes { id: rowId name website } }
  places: allBookingPlaces(first: 20, condition: {tenantId: $town}, orderBy: [NAME_ASC, ROW_ID_ASC]) {
    nodes { ...House address wheelchair position: geo } }
  resources: allBookingResources(first: 10, condition: {tenantId: $town, active: true},
    orderBy: [NAME_ASC, ROW_ID_ASC]) { nodes {
    id: rowId name persons place: bookingPlaceByTenantIdAndPlaceId { ...House } } }
  datastreams: allLorawanDatastreams(first: 10, condition: {tenantId: $town}, orderBy: [SERIES_ASC]) { nodes {
    id: rowId title unit thing: lorawanThingByTenantIdAndThingId { id: rowId name place: geo } } }
} fragment House on BookingPlace { id: rowId name }""",
}
_VARIABLES: dict[str, dict[str, Any]] = {
    "Q1": {"first": 100},
    "Q2": {"from": iso(FROM)},
    "Q3": {"id": str(SERVICE)},
    "Q4": {"id": str(DATASTREAM), "from": str(to_millis(SPAN_FROM)), "to": str(to_millis(SPAN_TO))},
    "Q5": {},
}
_SHAPES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Q1": lambda found: {"booking": found},
    "Q2": lambda found: {"booking": found},
    "Q3": lambda found: {"healthDirectory": found},
    "Q4": lambda found: {"lorawan": found},
    "Q5": lambda found: {
        "tenant": found["tenant"],
        "measures": found["measures"],
        "atlas": {name: found[name] for name in ("topics", "procedures")},
        "healthDirectory": {"organizations": found["organizations"]},
        "booking": {name: found[name] for name in ("places", "resources")},
        "lorawan": {"datastreams": found["datastreams"]},
    },
}
_NUMBERS = frozenset({"persons", "units", "quantity", "fromYear"})


def body(query: str, tenant: int) -> bytes:
    """The JSON body of a request for a town."""
    return json.dumps({"query": DOCUMENTS[query], "variables": {"town": tenant, **_VARIABLES[query]}}).encode()


def as_ours(query: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Its answer in the shape of ours: big numbers as numbers, moments in UTC, enum values by name."""
    data = answer.get("data")
    if not isinstance(data, dict):
        return answer
    if answer.get("errors"):
        return answer | {"data": None}
    return {"data": _SHAPES[query](_mapped(data))}


def _mapped(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _mapped(entry, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [_mapped(entry) for entry in value]
    if not isinstance(value, str):
        return value
    if key in _NUMBERS:
        return int(value)
    if key == "kind":
        return value.upper()
    if key == "time":
        return iso(from_millis(int(value)))
    return iso(datetime.fromisoformat(value).astimezone(UTC)) if key.endswith("At") else value
