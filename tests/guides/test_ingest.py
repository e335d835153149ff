"""docs/how-to/ingest.md: messages over HTTP and MQTT."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from regiohub.events.catalogue import catalogue_of
from regiohub.events.supervisor import Supervisor
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.senders import MqttSender, WebhookSender

from .conftest import ENGINES, plugin_of

PAGE = "how-to/ingest.md"
MIGRATION = """
import sqlalchemy as sa
from regiohub.api.migrations import ops

revision = "0001"
down_revision = None

def upgrade():
    ops.create_tenant_table(
        "parking_car_park", sa.Column("code", sa.Text(), nullable=False), sa.Column("free", sa.Integer()),
        sa.Column("counted_at", ops.UtcDateTime()), ops.unique("code"),
    )
    ops.create_tenant_table(
        "parking_sender", sa.Column("label", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("revoked_at", ops.UtcDateTime()),
    )
    ops.guard("parking_car_park")
    ops.guard("parking_sender")
"""
FREE = "{ parking { carParks { nodes { code free } } } }"


@pytest.fixture(scope="module")
def parking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EntryPoint]:
    """The plugin of the page."""
    beside = {"migrations/versions/0001_initial.py": MIGRATION}
    with plugin_of(PAGE, "parking", tmp_path_factory.mktemp("parking"), beside=beside) as entry:
        yield entry


@pytest.fixture
async def world(
    parking: EntryPoint, installations: Installations, tmp_path: Path, engine: Engine
) -> AsyncIterator[World]:
    """The plugin alone."""
    async with installations.open(Recipe(entries=(parking,)), engine, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("engine", ENGINES)
async def test_the_webhook_of_the_page(world: World) -> None:
    page = importlib.import_module("test_parking")
    await page.test_a_count_is_taken_once_and_in_order(world, WebhookSender(world))
    answer = await world.graphql("potsdam", FREE)
    assert answer.data == {"parking": {"carParks": {"nodes": [{"code": "P1", "free": 12}]}}}


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_revoked_key_and_a_moment_in_the_future_are_refused(world: World) -> None:
    admin, sender = world.caller("potsdam", roles=("tenant-admin",)), WebhookSender(world)
    document = 'mutation { addParkingSender(label: "Ring") { sender { id key } errors { code } } }'
    made = (await admin.mutate(document))["sender"]
    early = {"code": "P1", "free": 1, "at": "2026-06-01T09:00:00Z"}
    refused = await sender.post("potsdam", "parking/counts", early, bearer=made["key"])
    assert (refused.status_code, refused.json()["field"]) == (422, "at")
    await admin.mutate(f'mutation {{ revokeParkingSender(id: "{made["id"]}") {{ errors {{ code }} }} }}')
    refused = await sender.post("potsdam", "parking/counts", early, bearer=made["key"])
    assert refused.status_code == 401


@pytest.mark.mosquitto
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_listener_follows_the_settings_and_survives_bad_messages(
    world: World, mqtt_sender: MqttSender
) -> None:
    from regiohub_parking.models import CarPark  # pyright: ignore[reportMissingImports]

    async with world.scope("potsdam").write() as ctx:
        await make(ctx, CarPark, code="P1")
    supervisor = Supervisor(world.platform, catalogue_of(world.platform.plugins))
    await supervisor.reconcile(leads=True)
    values: dict[str, Any] = {
        "mqtt_host": mqtt_sender.host, "mqtt_port": mqtt_sender.port, "mqtt_user": mqtt_sender.username,
        "mqtt_password": mqtt_sender.password,
    }  # fmt: skip
    document = 'mutation ($v: JSON!) { changePluginSettings(plugin: "parking", values: $v) { errors { code } } }'
    await world.caller("potsdam", roles=("tenant-admin",)).mutate(document, v=values)
    await supervisor.reconcile(leads=True)
    try:
        async with asyncio.timeout(20):
            while (await world.graphql("potsdam", FREE)).data["parking"]["carParks"]["nodes"][0]["free"] != 7:
                for body in (b"no JSON", {"code": "P9", "free": 1, "at": "2026-06-01T07:00:00Z"}):
                    await mqtt_sender.send("parking/P1/free", body)
                await mqtt_sender.send("parking/P1/free", {"code": "P1", "free": 7, "at": "2026-06-01T07:00:00Z"})
    finally:
        await supervisor.stop()
