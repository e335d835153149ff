"""Types of tariffs and quotes. Amounts are euros, written as exact decimals."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func

from regiohub.api import Ctx, bound, column, computed, to_one, value
from regiohub_booking.graphql.places import PlaceType
from regiohub_booking.graphql.resources import ResourceType
from regiohub_booking.models import Tariff
from regiohub_booking.rules.prices import PriceBasis


def _name(row: Any, ctx: Ctx) -> str:
    return (row.name_en or row.name) if ctx.locale == "en" else row.name


def _name_in_sql(ctx: Ctx) -> Any:
    return func.coalesce(func.nullif(Tariff.name_en, ""), Tariff.name) if ctx.locale == "en" else Tariff.name


def _note(row: Any, ctx: Ctx) -> str | None:
    return (row.note_en or row.note) if ctx.locale == "en" else row.note


def _note_in_sql(ctx: Ctx) -> Any:
    return func.coalesce(func.nullif(Tariff.note_en, ""), Tariff.note) if ctx.locale == "en" else Tariff.note


@bound(Tariff, cacheable=True, name="Tariff")
class TariffType:
    """A price for one group of people."""

    id: UUID = column("Identifier.")
    name: str = computed(
        "For whom, in the caller's language where known.",
        sql=_name_in_sql,
        python=_name,
        reads=(Tariff.name, Tariff.name_en),
    )
    note: str | None = computed(
        "Who may use it, in the caller's language where known.",
        sql=_note_in_sql,
        python=_note,
        reads=(Tariff.note, Tariff.note_en),
    )
    position: int = column("Its place in the list.")
    basis: PriceBasis = column("Per hour, per begun day, or for the whole booking; for one unit or seat each.")
    price: Decimal = column("Price in euros; 0 is free.")
    minimum: Decimal | None = column("What a booking costs at least, in euros.")
    deposit: Decimal = column("Deposit in euros, returned after the booking.")
    valid_from: date | None = column("First day on which it holds.")
    valid_until: date | None = column("Last day on which it holds.")
    on_request: bool = column("The house decides on bookings by this tariff.")
    resource: ResourceType | None = to_one("The resource; null for a whole house.", Tariff.resource)
    place: PlaceType | None = to_one("The house; null for a single resource.", Tariff.place)


@value
class PriceQuote:
    """What a booking would cost."""

    tariff: TariffType = column("By which tariff.")
    amount: Decimal = column("Number of hours or days that were counted; 1 for a flat price.")
    price: Decimal = column("Price in euros.")
    deposit: Decimal = column("Deposit in euros.")
