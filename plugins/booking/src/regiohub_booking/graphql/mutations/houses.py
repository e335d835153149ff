"""Mutations for houses, owners and tariffs."""

from uuid import UUID

from regiohub.api import Ctx, mutation
from regiohub_booking.graphql.inputs import given
from regiohub_booking.graphql.places import OwnerType, PlaceType
from regiohub_booking.graphql.staff_inputs import (
    CreatePlaceInput,
    CreateTariffInput,
    UpdatePlaceInput,
    UpdateTariffInput,
)
from regiohub_booking.graphql.tariffs import TariffType
from regiohub_booking.models import Place, Tariff
from regiohub_booking.permissions import MANAGE
from regiohub_booking.service import houses, tariffs


@mutation("Adds a house or pick-up point.", permission=MANAGE, returns="place")
async def create_place(ctx: Ctx, input: CreatePlaceInput) -> PlaceType:
    """What is not given is empty."""
    return await houses.create_place(ctx, given(input, Place))  # pyright: ignore[reportReturnType] - a row stands for its type


@mutation("Changes a house or pick-up point.", permission=MANAGE, returns="place")
async def update_place(ctx: Ctx, input: UpdatePlaceInput) -> PlaceType:
    """What is not given stays."""
    return await houses.update_place(ctx, input.id, given(input, Place, without=("id",)))  # pyright: ignore[reportReturnType]


@mutation(
    "Adds an institution or club that lends things.",
    permission=MANAGE,
    returns="owner",
    args={"slug": "Short name: a-z, 0-9, hyphens.", "name": "Name.", "contact": "How to reach it."},
)
async def create_owner(ctx: Ctx, slug: str, name: str, contact: str | None = None) -> OwnerType:
    """Then give it stock with addStock."""
    return await houses.create_owner(ctx, slug, name, contact)  # pyright: ignore[reportReturnType]


@mutation("Adds a tariff.", permission=MANAGE, returns="tariff")
async def create_tariff(ctx: Ctx, input: CreateTariffInput) -> TariffType:
    """It holds for bookings that are made from now on."""
    return await tariffs.create_tariff(ctx, given(input, Tariff))  # pyright: ignore[reportReturnType]


@mutation("Changes a tariff; bookings keep what was agreed.", permission=MANAGE, returns="tariff")
async def update_tariff(ctx: Ctx, input: UpdateTariffInput) -> TariffType:
    """What is not given stays."""
    return await tariffs.update_tariff(ctx, input.id, given(input, Tariff, without=("id",)))  # pyright: ignore[reportReturnType]


@mutation(
    "Removes a tariff; bookings keep what was agreed.", permission=MANAGE, returns="tariff", args={"id": "The tariff."}
)
async def delete_tariff(ctx: Ctx, id: UUID) -> TariffType:
    """The answer still shows it."""
    return await tariffs.delete_tariff(ctx, id)  # pyright: ignore[reportReturnType]


HOUSES = (create_place, update_place, create_owner, create_tariff, update_tariff, delete_tariff)
