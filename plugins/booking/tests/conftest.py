"""What the tests of booking share: a house with rooms, things and an offer, made through the services."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from regiohub.api import Ctx, Principal, uuid7
from regiohub.testing import World
from regiohub_booking.models import Booking, Owner, Place, Resource
from regiohub_booking.service.admin import create_resource
from regiohub_booking.service.create import create_booking
from regiohub_booking.service.wishes import When, Wish

T = TypeVar("T")
BERLIN = ZoneInfo("Europe/Berlin")
DAILY = {day: [["08:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def at(text: str) -> datetime:
    """A moment written in the town's wall-clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def span(day: str, start: str, end: str) -> When:
    """A time on one day."""
    return When(day=date.fromisoformat(day), start_time=time.fromisoformat(start), end_time=time.fromisoformat(end))


@dataclass
class House:
    """A town with one house, and short ways to act in it."""

    world: World
    slug: str
    place_id: UUID

    def who(self, subject: str = "anna", *roles: str) -> Principal:
        """A person, with roles or without."""
        return self.world.principal(self.slug, roles=roles, subject=subject)

    @property
    def editor(self) -> Principal:
        """Somebody who may do everything in booking."""
        return self.who("erika", "editor", "caretaker")

    async def do(self, work: Callable[[Ctx], Awaitable[T]], principal: Principal | None = None) -> T:
        """Run something in a unit of work of a person (Anna by default)."""
        return await self.world.scope(self.slug).run(work, principal or self.who())

    async def read(self, work: Callable[[Ctx], Awaitable[T]], principal: Principal | None = None) -> T:
        """Read something."""
        async with self.world.scope(self.slug).read(principal or self.who()) as ctx:
            return await work(ctx)

    async def resource(self, slug: str = "saal", **given: Any) -> Resource:
        """A room that is open from 8 to 22 h unless told otherwise."""
        fields = {
            "slug": slug,
            "name": slug.title(),
            "kind": "room",
            "place_id": self.place_id,
            "opening": DAILY,
            **given,
        }
        return await self.do(lambda ctx: create_resource(ctx, fields), self.editor)

    async def book(self, resource: Resource, when: When, principal: Principal | None = None, **details: Any) -> Booking:
        """A booking of Anna, or of somebody else."""
        return await self.do(lambda ctx: create_booking(ctx, Wish(resource.id, when, **details)), principal)


async def make_house(world: World, slug: str = "potsdam") -> House:
    """An empty house in a town."""

    async def place(ctx: Ctx) -> UUID:
        row = Place(
            id=uuid7(), slug="haus", name="Haus am Markt", address="Markt 1", wheelchair=True, example=True,
            caretaker_email="hausmeister@example.org", contact=None, position=None,
        )  # fmt: skip
        ctx.session.add(row)
        ctx.session.add(Owner(id=uuid7(), slug="verein", name="Beispielverein", contact=None, example=True))
        return row.id

    return House(world, slug, await world.scope(slug).run(place))


@pytest.fixture
async def house(world: World) -> House:
    """A house in Potsdam, once on each database."""
    return await make_house(world)


@pytest.fixture
async def house_sqlite(world_sqlite: World) -> House:
    """A house in Potsdam, for what does not depend on the database."""
    return await make_house(world_sqlite)
