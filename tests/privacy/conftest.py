"""Two towns with bookings and suggestions of Anna and of somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from regiohub.mail import Mail
from regiohub.plugins.subjects import Subject
from regiohub.tenancy.context import Ctx
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub_booking.models import AccessGrant, Booking, Question, Resource, Slot
from regiohub_booking.rules.states import BookingState
from regiohub_health_directory.models import HealthSuggestionKind, HealthSuggestionState, Suggestion

ANNA = Subject("anna", frozenset({"anna@example.org"}))
PLUGINS = pytest.mark.regiohub(plugins=("booking", "health_directory"))


@dataclass
class People:
    """An installation with rows of two people, and short ways to plant more."""

    world: World

    async def book(self, slug: str, subject: str | None, email: str, *, days: int, **given: Any) -> Booking:
        """A confirmed booking of two hours that begins in so many days, with its slot."""

        async def plant(ctx: Ctx) -> Booking:
            start = ctx.now() + timedelta(days=days)
            values = {
                "subject": subject, "booker_name": email.partition("@")[0].title(), "booker_email": email,
                "state": BookingState.CONFIRMED, "starts_at": start, "ends_at": start + timedelta(hours=2), **given,
            }  # fmt: skip
            room = await make(ctx, Resource, lock_adapter="simulator", whole_id=None)
            booking = await make(ctx, Booking, resource_id=room.id, **values)
            await make(
                ctx, Slot, resource_id=room.id, booking_id=booking.id, block_id=None, unit=1, occupies=True,
                starts_at=start, ends_at=start + timedelta(hours=2), expires_at=None,
            )  # fmt: skip
            return booking

        return await self.world.scope(slug).run(plant)

    async def add(self, slug: str, model: type[Any], **given: Any) -> Any:
        """Any other row."""
        return await self.world.scope(slug).run(lambda ctx: make(ctx, model, **given))

    async def suggest(self, slug: str, contact: str | None, **given: Any) -> Suggestion:
        """A suggestion that somebody left."""
        values = {
            "kind": HealthSuggestionKind.NEW_OFFER, "state": HealthSuggestionState.OPEN, "contact": contact,
            "service_id": None, "proposal": {"name": "Sprechstunde"}, "message": None, "decision_note": None, **given,
        }  # fmt: skip
        return await self.add(slug, Suggestion, **values)

    async def mail(self, slug: str, to: str) -> None:
        """A mail that waits."""
        data = {
            "number": "2026-1", "resource": "Saal", "name": "Anna", "starts_at": self.now, "ends_at": self.now,
            "quantity": 1, "units": 1, "tariff": "", "price": None, "deposit": None, "reason": "",
        }  # fmt: skip
        await self.world.scope(slug).run(lambda ctx: ctx.mail(Mail(to=to, template="booking/received", data=data)))

    async def rows(self, slug: str, model: type[Any]) -> list[Any]:
        """All rows of a table in a town."""
        import sqlalchemy as sa

        async with self.world.scope(slug).read() as ctx:
            return list((await ctx.session.scalars(sa.select(model).order_by(model.id))).all())

    @property
    def now(self) -> datetime:
        """The world's moment."""
        return self.world.clock.now()


@pytest.fixture
async def people(world: World) -> People:
    """Anna and Ben in Potsdam, Anna in Bad Belzig too."""
    found = People(world)
    for slug, subject, email in (
        ("potsdam", "anna", "Anna@example.org"),
        ("potsdam", "ben", "ben@example.org"),
        ("bad-belzig", "anna", "anna@example.org"),
    ):
        booking = await found.book(slug, subject, email, days=-30, purpose="Chorprobe", reason=None)
        await found.add(slug, Question, booking_id=booking.id, question="Wie viele?", answer="Zwölf")
        await found.add(slug, AccessGrant, booking_id=booking.id, sealed_code="geheim", note="Tür klemmt")
        await found.suggest(slug, email, message="Bitte melden")
    return found
