"""docs/how-to/lock-adapter.md: a third party's adapter, booking, and a vendor behind a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from regiohub.testing import World
from regiohub.testing.installations import Installations, Recipe
from regiohub.testing.services.web import served

from .conftest import plugin_of
from .pages import DOCS, blocks

PAGE = "how-to/lock-adapter.md"


@pytest.fixture(scope="module")
def klinke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EntryPoint]:
    """The plugin of the page."""
    with plugin_of(PAGE, "klinke", tmp_path_factory.mktemp("klinke")) as entry:
        yield entry


@dataclass
class Town:
    """A town with a room whose door is the vendor's."""

    world: World
    vendor: Any
    room: str

    async def book(self) -> str:
        """A booking of Anna for the next day."""
        document = """mutation ($room: ID!) {
          createBooking(input: { resourceId: $room, day: "2026-06-02", startTime: "10:00", endTime: "12:00" }) {
            booking { id } errors { message } } }"""
        made = await self.world.caller("potsdam", subject="anna").mutate(document, room=self.room)
        return made["booking"]["id"]

    async def code(self, booking: str) -> str | None:
        """What Anna reads as the code of her booking."""
        document = "query ($id: ID!) { booking { access(bookingId: $id) { code } } }"
        answer = await self.world.graphql("potsdam", document, {"id": booking}, subject="anna")
        return answer.data["booking"]["access"]["code"] if not answer.errors else None


@pytest.fixture
async def town(klinke: EntryPoint, installations: Installations, tmp_path: Path) -> AsyncIterator[Town]:
    """Potsdam with booking, the adapter and the vendor."""
    from regiohub_klinke.vendor import Vendor  # pyright: ignore[reportMissingImports]

    (booking,) = entry_points(group="regiohub.plugins", name="booking")
    recipe = Recipe(entries=(booking, klinke))
    vendor: Any = Vendor("secret")
    async with installations.open(recipe, "sqlite", tmp_path) as world, served(vendor.app) as address:
        settings = {"url": address, "key": "secret"}
        document = 'mutation ($v: JSON!) { changePluginSettings(plugin: "klinke", values: $v) { errors { code } } }'
        await world.caller("potsdam", roles=("tenant-admin",)).mutate(document, v=settings)
        yield Town(world, vendor, await _room(world))


async def _room(world: World) -> str:
    editor = world.caller("potsdam", roles=("editor",))
    place = """mutation { createPlace(input: { slug: "haus", name: "Haus", address: "Markt 1" }) {
      place { id } errors { message } } }"""
    made = await editor.mutate(place)
    room = """mutation ($place: ID!) { createResource(input: {
      slug: "saal", name: "Saal", kind: ROOM, placeId: $place }) { resource { id } errors { message field } } }"""
    made_id: str = (await editor.mutate(room, place=made["place"]["id"]))["resource"]["id"]
    (of_the_page,) = [block.content for block in blocks(Path(PAGE)) if block.language == "graphql"]
    await editor.mutate(of_the_page.replace("…", made_id))
    return made_id


async def test_a_confirmed_booking_opens_the_vendors_door(town: Town) -> None:
    booking = await town.book()
    await town.world.work()
    (grant,) = town.vendor.grants.values()
    assert (grant["doors"], grant["from"][:16]) == (["main"], "2026-06-02T07:45")
    town.world.clock.advance(timedelta(hours=10))
    assert await town.code(booking) == "482913"
    cancel = 'mutation ($id: ID!) { cancelBooking(id: $id, reason: "Baustelle") { errors { message } } }'
    await town.world.caller("potsdam", roles=("editor",)).mutate(cancel, id=booking)
    await town.world.later(minutes=1)
    assert town.vendor.grants == {}


async def test_a_silent_vendor_costs_nobody_a_booking_and_is_asked_again(town: Town) -> None:
    town.vendor.silent = True
    await town.book()
    await town.world.work()
    assert town.vendor.grants == {}
    town.vendor.silent = False
    await town.world.later(minutes=5)
    assert len(town.vendor.grants) == 1


async def test_the_adapter_has_every_member_that_booking_names(klinke: EntryPoint) -> None:
    from regiohub_booking.locks import LockAdapter

    members = {name for name in vars(LockAdapter) if not name.startswith("_")}
    adapter = klinke.load().hooks["register_lock_adapters"]()[0]
    assert {name for name in members if not hasattr(adapter, name)} == set()
    page = (DOCS / PAGE).read_text(encoding="utf-8")
    assert {name for name in members if f"`{name}" not in page} == set()


async def test_doors_and_what_is_held_are_read_from_the_vendor(town: Town, klinke: EntryPoint) -> None:
    adapter = klinke.load().hooks["register_lock_adapters"]()[0]
    scope = town.world.scope("potsdam")
    assert [door.name for door in await adapter.doors(scope)] == ["Haupteingang"]
    await town.book()
    await town.world.work()
    ((reference, grant),) = town.vendor.grants.items()
    held = await adapter.read_back(scope, reference)
    assert (held.doors, held.code) == (("main",), grant["code"])
    assert grant["code"] not in repr(held)
    assert await adapter.read_back(scope, "unknown") is None
