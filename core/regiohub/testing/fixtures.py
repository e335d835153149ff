"""pytest fixtures: a whole installation on SQLite, on PostgreSQL, or on each in turn, and what tests do with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

import pytest

from regiohub.testing.captures import Capture, CapturedEvent, CapturedJob
from regiohub.testing.choosing import recipe_of
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate
from regiohub.testing.installations import Installations, Recipe
from regiohub.testing.marks import async_fixture
from regiohub.testing.senders import MqttSender, WebhookSender, mqtt_client_is_there
from regiohub.testing.services.fixtures import required
from regiohub.testing.services.programs import MissingProgramError
from regiohub.testing.world import World, open_world


class TwoTowns(NamedTuple):
    """An installation and two towns of it, both with the plugins on: `world, here, there = two_towns`."""

    world: World
    here: str
    there: str


@pytest.fixture(scope="session")
def installations(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Installations:
    """Opens installations with chosen plugins and towns; see `Recipe`."""
    return Installations(request, tmp_path_factory)


@pytest.fixture(scope="session")
def sqlite_template(installations: Installations) -> SqliteTemplate:
    """A migrated SQLite file with every installed plugin and three towns, made once per run."""
    return cast("SqliteTemplate", installations.template(Recipe(), "sqlite"))


@pytest.fixture(scope="session")
def postgres_template(installations: Installations) -> PostgresTemplate:
    """A migrated PostgreSQL database with every installed plugin and three towns, made once per run."""
    return cast("PostgresTemplate", installations.template(Recipe(), "postgresql"))


@pytest.fixture
def recipe(request: pytest.FixtureRequest) -> Recipe:
    """Plugins and towns of this test, chosen by the marker `regiohub`."""
    return recipe_of(request)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(
    request: pytest.FixtureRequest, installations: Installations, recipe: Recipe, tmp_path: Path
) -> Iterator[Address]:
    """A fresh copy of the prepared database, once on each engine."""
    with installations.template(recipe, request.param).copy(tmp_path) as address:
        yield address


@async_fixture
async def world(database: Address, recipe: Recipe, tmp_path: Path) -> AsyncIterator[World]:
    """A whole installation, once on each engine."""
    async with open_world(
        database, tmp_path / "data", entries=recipe.entries, plugins_allowed=list(recipe.plugins)
    ) as opened:
        yield opened


@async_fixture
async def world_sqlite(installations: Installations, recipe: Recipe, tmp_path: Path) -> AsyncIterator[World]:
    """A whole installation on SQLite, for what does not depend on the engine."""
    async with installations.open(recipe, "sqlite", tmp_path) as opened:
        yield opened


@async_fixture
async def world_postgresql(installations: Installations, recipe: Recipe, tmp_path: Path) -> AsyncIterator[World]:
    """A whole installation on PostgreSQL, for what only it can do."""
    async with installations.open(recipe, "postgresql", tmp_path) as opened:
        yield opened


@pytest.fixture
def two_towns(world: World) -> TwoTowns:
    """The world with the first two of its towns, for tests of what one town must not see of another."""
    here, there = [tenant.slug for tenant in sorted(world.platform.tenants.all(), key=lambda tenant: tenant.id)][:2]
    return TwoTowns(world, here, there)


@async_fixture
async def captured(world: World) -> Capture:
    """Events, tasks and runs of jobs since the test began: `await captured.tasks("places.import")`."""
    return await world.capture()


@pytest.fixture
def captured_events(captured: Capture) -> Callable[..., Awaitable[list[CapturedEvent]]]:
    """The events since the test began: `await captured_events(PlaceOpened, town="potsdam")`."""
    return captured.events


@pytest.fixture
def captured_jobs(captured: Capture) -> Callable[..., Awaitable[list[CapturedJob]]]:
    """The jobs that have run since the test began: `await captured_jobs("places.tidy")`."""
    return captured.jobs


@pytest.fixture
def webhook_sender(world: World) -> WebhookSender:
    """Sends HTTP messages to a town as a foreign system does, with a key or a signature."""
    return WebhookSender(world)


@pytest.fixture
def mqtt_sender(request: pytest.FixtureRequest) -> MqttSender:
    """Publishes to a real, private Mosquitto. Mark the test with `pytest.mark.mosquitto`."""
    with required("mosquitto"):
        if not mqtt_client_is_there():
            raise MissingProgramError("aiomqtt", "aiomqtt", install="pip install aiomqtt")
    return MqttSender(request.getfixturevalue("mosquitto_broker"))
