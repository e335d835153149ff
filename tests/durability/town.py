"""What the installation holds before anything is killed: rooms, a sensor, keys of a network server, in two towns."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from regiohub.api import Ctx
from regiohub.tenancy.plugin_settings.service import change_settings
from regiohub.testing import World
from regiohub.testing.databases import Address
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.services import MosquittoBroker
from regiohub_booking.models import Place
from regiohub_booking.service.admin import create_resource
from regiohub_lorawan.service import credentials
from regiohub_lorawan.testing import register

from .machine import Machine, machine

TOWNS = ("potsdam", "bad-belzig")
ROOMS = 4
DAILY = {day: [["08:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
PUBLIC = "http://127.0.0.1:8000"
"""The issuer of tokens is named after it, whatever the port of the server."""


@dataclass
class Town:
    """What senders need to know of a town."""

    slug: str
    key: str = ""
    rooms: list[str] = field(default_factory=list[str])


@dataclass
class Site:
    """A machine, and a platform inside the test that looks at the same database."""

    machine: Machine
    world: World
    towns: dict[str, Town]

    @property
    def engine(self) -> str:
        """Name of the database."""
        return self.world.dialect


def recipe() -> Recipe:
    """Booking, sensors and the probe."""
    known = [entry for entry in entry_points(group="regiohub.plugins") if entry.name in ("booking", "lorawan")]
    probe = EntryPoint(name="probe", value="durability_probe:plugin", group="regiohub.plugins")
    return Recipe.of("booking", "lorawan", "probe", entries=(*known, probe))


@asynccontextmanager
async def site(
    installations: Installations, engine: Engine, folder: Path, *, broker: MosquittoBroker | None = None, **more: str
) -> AsyncGenerator[Site]:
    """A filled installation of which nothing runs yet; with `broker` Potsdam listens to it. `more`: settings."""
    async with installations.open_filled(recipe(), engine, folder, "durability", _fill) as world:
        world.clock.set(datetime.now(UTC))
        settings = world.platform.settings
        address = Address(settings.database_url, settings.database_owner_url)
        found: dict[str, Any] = json.loads((settings.data_dir / "known.json").read_text())
        if broker is not None:
            await world.scope("potsdam").run(lambda ctx: change_settings(ctx, "lorawan", _mqtt(broker)))
        with machine(folder, address, public_url=PUBLIC, **more) as made:
            yield Site(made, world, {slug: Town(slug, **facts) for slug, facts in found.items()})


def _mqtt(broker: MosquittoBroker) -> dict[str, Any]:
    return {
        "mqtt_host": broker.host, "mqtt_port": broker.port, "mqtt_security": "plain",
        "mqtt_username": broker.username, "mqtt_password": broker.password,
    }  # fmt: skip


async def _fill(world: World) -> None:
    known: dict[str, Any] = {}
    for slug in TOWNS:
        scope = world.scope(slug)
        await register(scope)
        made = await scope.run(lambda ctx: credentials.create_key(ctx, "Netz"))
        known[slug] = {"key": made.key, "rooms": await scope.run(_rooms)}
    (world.platform.settings.data_dir / "known.json").write_text(json.dumps(known))


async def _rooms(ctx: Ctx) -> list[str]:
    place = Place(
        slug="haus", name="Haus am Markt", address="Markt 1", wheelchair=True, example=True, caretaker_email=None,
        contact=None, position=None,
    )  # fmt: skip
    ctx.session.add(place)
    await ctx.session.flush()
    rooms = [
        await create_resource(
            ctx,
            {
                "slug": f"saal-{number}", "name": f"Saal {number}", "kind": "room", "place_id": place.id,
                "opening": DAILY,
            },
        )
        for number in range(ROOMS)
    ]  # fmt: skip
    return [str(room.id) for room in rooms]
