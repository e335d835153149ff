"""Mutations for the administration of resources."""

from datetime import date
from uuid import UUID

from regiohub.api import Ctx, bound, column, mutation
from regiohub_booking.graphql.inputs import (
    AddDateInput,
    AddStockInput,
    CreateResourceInput,
    SpecialDaysInput,
    UpdateResourceInput,
    given,
)
from regiohub_booking.graphql.places import SessionType
from regiohub_booking.graphql.resources import ResourceType
from regiohub_booking.models import SpecialDay
from regiohub_booking.permissions import MANAGE
from regiohub_booking.service import admin


@bound(SpecialDay, name="SpecialDays")
class SpecialDayType:
    """Other opening hours, or none, for some days."""

    id: UUID = column("Identifier.")
    first_day: date = column("First day.")
    last_day: date = column("Last day, included.")
    reason: str | None = column("Why, in German.")


@mutation("Adds a room, an item or an offer.", permission=MANAGE, returns="resource")
async def create_resource(ctx: Ctx, input: CreateResourceInput) -> ResourceType:
    """What is not given has a sensible default."""
    return await admin.create_resource(ctx, given(input))  # pyright: ignore[reportReturnType] - a row stands for its type


@mutation("Changes a resource; existing bookings stay as they are.", permission=MANAGE, returns="resource")
async def update_resource(ctx: Ctx, input: UpdateResourceInput) -> ResourceType:
    """What is not given stays."""
    return await admin.update_resource(ctx, input.id, given(input, without=("id",)))  # pyright: ignore[reportReturnType]


@mutation("Sets other opening hours, or none, for some days.", permission=MANAGE, returns="days")
async def set_special_days(ctx: Ctx, input: SpecialDaysInput) -> SpecialDayType:
    """Existing bookings stay as they are."""
    return await admin.set_special_days(  # pyright: ignore[reportReturnType]
        ctx,
        input.resource_id,
        first=input.first_day,
        last=input.last_day,
        windows=input.windows or [],
        reason=input.reason,
        reason_en=input.reason_en,
    )


@mutation("Adds a date to an offer.", permission=MANAGE, returns="date")
async def add_offer_date(ctx: Ctx, input: AddDateInput) -> SessionType:
    """For offers with fixed dates."""
    return await admin.add_session(ctx, input.resource_id, input.title, input.when())  # pyright: ignore[reportReturnType]


@mutation("Adds units of a lending item, of one owner at one pick-up point.", permission=MANAGE, returns="resource")
async def add_stock(ctx: Ctx, input: AddStockInput) -> ResourceType:
    """The item has at least as many units as its stock."""
    return await admin.add_lot(ctx, input.resource_id, input.owner_id, input.place_id, input.units)  # pyright: ignore[reportReturnType]


ADMIN = (create_resource, update_resource, set_special_days, add_offer_date, add_stock)
