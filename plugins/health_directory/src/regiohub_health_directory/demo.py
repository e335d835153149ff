"""Example content of a town, from the file `health_directory.toml` in the town's folder.

Entries are known by their key: what is there already stays as the town has edited it, what is missing is added.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from regiohub.api import Ctx, TenantScope, uuid7

from .demo_work import load_work
from .models import AcceptingPatients, HealthLocationType, Location, Organization, Service, WheelchairAccess
from .service.adding import add_services
from .service.checks import checked
from .service.drafts import CostDraft, LocationDraft, OrganizationDraft, PhoneDraft, PlaceDraft, ServiceDraft
from .service.freshness import today

FILE = "health_directory.toml"
PREFIX = "demo:"
_COPIED = (
    "name", "categories", "description", "url", "email", "languages", "telehealth", "telehealth_url",
    "appointment_required", "accepting_note", "eligibility_description", "application_process", "fees_description",
    "minimum_age", "maximum_age",
)  # fmt: skip


async def load_demo(scope: TenantScope, folder: Path) -> None:
    """Add the example offers of the town's folder; a town without the file gets none."""
    file = folder / FILE
    if not file.is_file():
        return
    content = tomllib.loads(file.read_text("utf-8"))
    async with scope.write() as ctx:
        present = set(await ctx.session.scalars(select(Service.source_key).where(Service.source_key.is_not(None))))
        missing = [row for row in content["service"] if PREFIX + row["key"] not in present]
        if missing:
            locations = await _locations(ctx, content["location"])
            mails = {row["name"]: row["email"] for row in content.get("provider", ())}
            owners = await _organizations(ctx, {row["provider"] for row in missing}, mails)
            await add_services(ctx, [_draft(ctx, row, owners[row["provider"]], locations) for row in missing])
            await ctx.audit("health_directory.demo", kind="service", id="demo", after={"added": len(missing)})
            await load_work(ctx, content)


async def _locations(ctx: Ctx, rows: list[dict[str, Any]]) -> dict[str, Location]:
    known = await ctx.session.scalars(select(Location).where(Location.source_key.is_not(None)))
    found = {row.source_key: row for row in known}
    for row in rows:
        if PREFIX + row["key"] not in found:
            location = Location(
                id=uuid7(),
                organization_id=None,
                name=row["name"],
                location_type=HealthLocationType.PHYSICAL,
                address=row["address"],
                postal_code=row["postal_code"],
                city=row["city"],
                district=row.get("district"),
                transportation=row.get("transportation"),
                url=None,
                place={"type": "Point", "coordinates": [row["lon"], row["lat"]]},
                wheelchair=WheelchairAccess(row["wheelchair"]),
                accessibility=sorted(row.get("accessibility", [])),
                accessibility_note=row.get("accessibility_note"),
                source_key=PREFIX + row["key"],
            )
            ctx.session.add(location)
            found[location.source_key] = location
    await ctx.session.flush()
    return {str(key).removeprefix(PREFIX): location for key, location in found.items()}


async def _organizations(ctx: Ctx, names: set[str], mails: Mapping[str, str]) -> dict[str, Organization]:
    known = await ctx.session.scalars(select(Organization).where(Organization.source_key.is_not(None)))
    found = {row.source_key: row for row in known}
    for name in sorted(names):
        if PREFIX + name not in found:
            organization = Organization(
                id=uuid7(),
                name=name,
                description="Beispiel: diesen Anbieter gibt es nicht wirklich.",
                email=mails.get(name),
                website=None,
                source_key=PREFIX + name,
            )
            ctx.session.add(organization)
            found[organization.source_key] = organization
    await ctx.session.flush()
    return {str(key).removeprefix(PREFIX): organization for key, organization in found.items()}


def _draft(ctx: Ctx, row: dict[str, Any], owner: Organization, locations: dict[str, Location]) -> ServiceDraft:
    draft = ServiceDraft(
        **{name: row[name] for name in _COPIED if name in row},
        organization=OrganizationDraft(id=owner.id),
        accepting=AcceptingPatients(row.get("accepting", "unknown")),
        accepting_on=_day(ctx, row.get("accepting_days_ago")),
        places=[
            PlaceDraft(LocationDraft(id=locations[place["location"]].id), opening_hours=place.get("hours"))
            for place in row["places"]
        ],
        phones=[PhoneDraft(row["phone"])] if "phone" in row else [],
        costs=_costs(row),
        verified_on=_day(ctx, row.get("verified_days_ago")),
        example=True,
        source_key=PREFIX + row["key"],
    )
    return checked(draft)


def _costs(row: dict[str, Any]) -> list[CostDraft]:
    if "cost_amount" not in row:
        return []
    return [CostDraft("Teilnahme", Decimal(row["cost_amount"]), "EUR", row.get("fees_description"))]


def _day(ctx: Ctx, days_ago: int | None) -> date | None:
    return today(ctx) - timedelta(days=days_ago) if days_ago is not None else None
