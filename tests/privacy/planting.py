"""One marked person who uses all four plugins as people do: by the services, with mails, files, codes and sign-ins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from regiohub.auth.principal import Principal
from regiohub.mail import Mail
from regiohub.plugins.subjects import Subject
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.measures import add_measure, change_measure
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub_atlas.models import Procedure
from regiohub_atlas.service.files import store_file
from regiohub_booking.models import Booking, Owner, Place
from regiohub_booking.rules.recurrence import OnConflict, Recurrence
from regiohub_booking.service.admin import create_resource
from regiohub_booking.service.create import create_booking, create_booking_for
from regiohub_booking.service.decide import cancel_booking, deny_booking
from regiohub_booking.service.questions import answer, ask
from regiohub_booking.service.series import create_series
from regiohub_booking.service.wishes import Booker, When, Wish
from regiohub_health_directory.service.suggestions import Proposal, reject_suggestion, suggest_offer
from regiohub_lorawan.testing import register, send, up

TOWN = "potsdam"
DAILY = {day: [["08:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


class Marked:
    """A person whose every fact is a word that stands nowhere else."""

    def __init__(self, name: str = "Xylanthe") -> None:
        self.word = f"{name}{uuid4().hex[:6]}"
        self.subject = str(uuid4())
        self.email = f"{self.word.lower()}@example.org"
        self.phone = f"+49 331 {uuid4().int % 10**9}"
        self.secret = f"geheim{uuid4().hex[:8]}"

    @property
    def marks(self) -> tuple[str, ...]:
        """What may stand nowhere afterwards; letters in any case count."""
        return (self.word, self.subject, self.phone, self.secret)

    @property
    def as_subject(self) -> Subject:
        """How an admin names the person."""
        return Subject(self.subject, frozenset({self.email}))

    def principal(self, world: World, *roles: str) -> Principal:
        """The person, signed in."""
        found = world.principal(TOWN, roles=roles, subject=self.subject)
        issuer = world.platform.settings.base_url + "/auth/dev"
        return replace(found, name=f"{self.word} Beispiel", email=self.email, issuer=issuer)


async def live_a_life(world: World, who: Marked) -> None:
    """Everything that leaves traces of the person in a town."""
    scope, own = world.scope(TOWN), who.principal(world)
    staff = world.principal(TOWN, roles=("editor", "caretaker", "tenant-admin"), subject="erika")

    async def act(work: Callable[[Ctx], Awaitable[Any]], principal: Principal = own) -> Any:
        return await scope.run(work, principal)

    def when(day: int) -> When:
        return When(day=date(2026, 6, day), start_time=time(18), end_time=time(20))

    # The person is the contact of a house, of an owner and of a procedure, in words and as an address alone.
    card = f"{who.word} Beispiel, {who.email}, Tel. {who.phone}"
    house = await act(lambda ctx: make(ctx, Place, caretaker_email=who.email, contact=card))
    await act(lambda ctx: make(ctx, Place, caretaker_email=None, contact=card))
    await act(lambda ctx: make(ctx, Owner, contact=card))
    await act(lambda ctx: make(ctx, Procedure, contact=card, status_note=None, published_at=ctx.now()))
    fields = {
        "place_id": house.id,
        "name": "Saal",
        "kind": "room",
        "opening": DAILY,
        "lock_adapter": "simulator",
        "lock_doors": ["front"],
    }
    room = await act(lambda ctx: create_resource(ctx, {"slug": "saal", **fields}), staff)
    asked = {
        "place_id": house.id,
        "slug": "kammer",
        "name": "Kammer",
        "kind": "room",
        "opening": DAILY,
        "requires_approval": True,
    }
    quiet = await act(lambda ctx: create_resource(ctx, asked), staff)
    # A booking of yesterday's kind with an access code, one with question and answer, one denied, one cancelled.
    await act(lambda ctx: create_booking(ctx, Wish(room.id, when(10), purpose=f"Feier von {who.word}")))
    talked: Booking = await act(lambda ctx: create_booking(ctx, Wish(quiet.id, when(11), purpose=who.secret)))
    question = await act(lambda ctx: ask(ctx, talked.id, f"Kommt {who.word} allein?"), staff)
    await act(lambda ctx: answer(ctx, question.id, f"Nein, mit {who.secret}"))
    refused = await act(lambda ctx: create_booking(ctx, Wish(quiet.id, when(12))))
    await act(lambda ctx: deny_booking(ctx, refused.id, f"{who.word} war laut"), staff)
    dropped = await act(lambda ctx: create_booking(ctx, Wish(room.id, when(13))))
    await act(lambda ctx: cancel_booking(ctx, dropped.id, f"{who.word} ist krank"))
    weekly = Recurrence(count=3)
    await act(lambda ctx: create_series(ctx, Wish(room.id, when(17), purpose=who.word), weekly, OnConflict.SKIP))
    caller = Booker(f"{who.word} Beispiel", who.email, who.phone)
    await act(lambda ctx: create_booking_for(ctx, Wish(room.id, when(14)), caller), staff)
    # A suggestion to the health directory, answered with a note.
    offer = Proposal(name="Sprechstunde")
    told = await act(lambda ctx: suggest_offer(ctx, offer, f"Fragen an {who.email}", who.email))
    await act(lambda ctx: reject_suggestion(ctx, told.id, f"Danke, {who.word}", notify=True), staff)
    await act(lambda ctx: suggest_offer(ctx, offer, f"{who.word} schlägt vor", who.email))
    # Measures name the person as who is in charge and as a partner; the log has each change of it.
    await act(lambda ctx: add_measure(ctx, "gruene-wege", {"title": "Grüne Wege", "lead": who.email}), staff)
    await act(lambda ctx: change_measure(ctx, "gruene-wege", {"lead": card, "partners": ["Bauamt", card]}), staff)
    # The person also works for the town: sensors, uploads, pages of the console.
    worker = who.principal(world, "editor", "plugin-admin:lorawan", "plugin-admin:atlas", "tenant-admin")
    await register(world.scope(TOWN, principal=worker))
    await send(world.scope(TOWN, principal=worker), up(world.clock.now()))
    await act(lambda ctx: store_file(ctx, "plan.txt", b"Ein Plan.\n"), worker)
    client = await world.console(TOWN, roles=("tenant-admin",), subject=who.subject)
    assert (await client.get("")).status_code == 200
    # Work: done with mails in files, mails that wait, a dead letter, answers that are kept.
    await world.work()
    mine = "{ booking { myBookings(first: 50) { nodes { number bookerName } } } }"
    for _ in range(2):
        await world.graphql(TOWN, mine, subject=who.subject)
    await act(lambda ctx: _write_letters(ctx, who))
    await world.work()
    await act(lambda ctx: ctx.mail(Mail(to=who.email, template="booking/received", data={"name": who.word})))


async def _write_letters(ctx: Ctx, who: Marked) -> None:
    await ctx.enqueue("booking.nowhere", {"subject": who.subject, "email": who.email, "note": who.secret})
    await ctx.mail(Mail(to=who.email, template="booking/nowhere", data={"name": who.word}))


async def age(world: World) -> datetime:
    """Let some time pass, so that what was to come is past for a part of it."""
    world.clock.advance(timedelta(days=11))
    await world.work()
    return world.clock.now()
