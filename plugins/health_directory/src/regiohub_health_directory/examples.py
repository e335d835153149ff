"""A directory of any size with made-up entries, for looking at how pages and interfaces behave when a town is large."""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from regiohub.api import Ctx, TenantScope, uuid7

from .models import (
    AcceptingPatients,
    HealthLocationType,
    HealthServiceStatus,
    HealthSuggestionKind,
    HealthSuggestionOrigin,
    HealthSuggestionState,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceTerm,
    Suggestion,
    WheelchairAccess,
)
from .service.duplicates import find_duplicates
from .service.freshness import today
from .service.search.index import reindex
from .service.search.words import sort_key
from .taxonomy import load_taxonomy

_CHUNK = 500
_STREETS = ("Beispielweg", "Musterstraße", "Beispielallee", "Musterplatz", "Beispielring")


async def fill_town(scope: TenantScope, offers: int, *, seed: int = 1, searchable: bool = False) -> None:
    """Add so many made-up offers with providers, places and phones, a tenth as many suggestions, and find duplicates.

    The same seed gives the same town. Without `searchable` the index of words is left out, which takes most of the
    time; lists of the console do not need it.
    """
    async with scope.write() as ctx:
        services = await _add(ctx, offers, random.Random(seed))  # noqa: S311 - examples, no secret
        if searchable:
            await reindex(ctx.session, services)
    async with scope.write() as ctx:
        await find_duplicates(ctx)


async def _add(ctx: Ctx, offers: int, dice: random.Random) -> list[Any]:
    now, day = ctx.now(), today(ctx)
    codes = [code for code, term in load_taxonomy().terms.items() if term.parent]
    stamps = {"created_at": now, "updated_at": now}
    rows: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Organization, Location, Service, ServiceAtLocation, ServiceTerm, Phone, Suggestion)
    }
    lon, lat = ctx.tenant.centre
    for number in range(offers):
        owner, place, service = uuid7(), uuid7(), uuid7()
        # Each tenth offer repeats the one before, so that there is something to merge.
        twin = number % 10 == 9
        name = f"Beispielpraxis {number - twin:05d} {load_taxonomy().terms[codes[(number - twin) % len(codes)]].de}"
        away, way = 15_000 * math.sqrt(dice.random()), dice.random() * math.tau
        point = [round(lon + away * math.cos(way) / 68_000, 6), round(lat + away * math.sin(way) / 111_195, 6)]
        rows[Organization].append({
            "id": owner, "name": f"Beispielanbieter {number:05d}", "description": "Beispiel", "website": None,
            "email": f"anbieter{number}@example.org" if number % 3 else None, "source_key": None, **stamps,
        })  # fmt: skip
        rows[Location].append({
            "id": place, "organization_id": owner, "name": f"Beispielhaus {number:05d}",
            "location_type": HealthLocationType.PHYSICAL, "address": f"{dice.choice(_STREETS)} {number % 200 + 1}",
            "postal_code": "14806", "city": ctx.tenant.short_name, "district": f"Ortsteil {number % 40 + 1:02d}",
            "transportation": None, "url": None, "place": {"type": "Point", "coordinates": point},
            "wheelchair": dice.choice(list(WheelchairAccess)), "accessibility": [], "accessibility_note": None,
            "source_key": None, **stamps,
        })  # fmt: skip
        rows[Service].append({
            "id": service, "organization_id": owner, "name": name, "alternate_name": None, "description": "Beispiel",
            "summary_easy": None, "status": HealthServiceStatus.ACTIVE if number % 20 else HealthServiceStatus.INACTIVE,
            "url": None, "email": None, "alert": None, "application_process": None, "fees_description": None,
            "eligibility_description": None, "minimum_age": None, "maximum_age": None,
            "opening_hours": "Mo-Fr 08:00-12:00; PH off", "appointment_required": False, "appointment_url": None,
            "telehealth": False, "telehealth_url": None, "accepting": AcceptingPatients.UNKNOWN, "accepting_on": None,
            "accepting_note": None, "verified_on": day - timedelta(days=number % 500) if number % 7 else None,
            "example": True, "revision": 1, "source_key": None, "merged_into_id": None, "sort_name": sort_key(name),
            **stamps,
        })  # fmt: skip
        rows[ServiceAtLocation].append({
            "id": uuid7(), "service_id": service, "location_id": place, "description": None, "opening_hours": None,
        })  # fmt: skip
        rows[ServiceTerm].append({"id": uuid7(), "service_id": service, "code": codes[(number - twin) % len(codes)]})
        rows[Phone].append({
            "id": uuid7(), "service_id": service, "organization_id": None, "kind": "voice", "description": None,
            "number": f"030 23125 {number - twin:06d}",
        })  # fmt: skip
        if number % 10 == 0:
            rows[Suggestion].append({
                "id": uuid7(), "kind": HealthSuggestionKind.CORRECTION, "state": HealthSuggestionState.OPEN,
                "service_id": service, "proposal": {"phone": "030 23125 001"}, "message": None, "contact": None,
                "decided_at": None, "decision_note": None, "origin": HealthSuggestionOrigin.RESIDENT,
                "language": "de", "accepted_fields": None, **stamps,
            })  # fmt: skip
    for model, entries in rows.items():
        for part in _chunks(entries):
            await ctx.session.execute(insert(model), [{"tenant_id": ctx.session.tenant_id, **row} for row in part])
    return [row["id"] for row in rows[Service]]


def _chunks(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), _CHUNK):
        yield list(rows[start : start + _CHUNK])
