"""A database in which 25 towns have filled every table."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

import regiohub_health_directory.models as health
from regiohub.events.models import EntryState, Handled, OutboxEntry
from regiohub.testing import World
from regiohub.testing.databases import Address, PostgresTemplate
from regiohub.testing.oracle.rows import fill
from regiohub.testing.services import PostgresServer
from regiohub.testing.world import open_world
from regiohub.work.models import Work

from .multiply import multiply

# The rows of the plans' oracle, and the finder of operations that the benchmarks have.
sys.path.insert(0, str(Path(__file__).parents[2] / "graphql" / "oracle"))
sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks" / "graphql"))

from oracle_data import TOUCHES, TOWNS, fill_towns, one_of

ROWS, MORE_TOWNS = 500, 24
MORE = (OutboxEntry, Handled, Work, health.VerificationRequest, health.Duplicate)
# The rows are random; some of them the product itself would never write.
MENDED = (
    "UPDATE health_directory_location SET place = ST_Centroid(place)",
    "UPDATE atlas_event SET online_url = NULL",
    "UPDATE lorawan_gateway_hour SET uplinks = 1 + abs(uplinks % 100)",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """The database and the server's superuser."""

    address: Address
    server: PostgresServer
    name: str


async def _few(address: Address, folder: Path) -> None:
    async with open_world(address, folder) as world:
        await fill_towns(world)
        await _rest(world)


async def _rest(world: World) -> None:
    """Tables of the platform's own work, which the oracle does not need: nothing in them waits to be done."""
    # Of what already stands there, only the parents' identifiers matter.
    models = (health.Organization, health.Service, *MORE)
    scope = world.scope(TOWNS[0])
    touches = TOUCHES | {"core_outbox.state": one_of(*[EntryState.DONE] * 9, EntryState.WAITING)}
    await fill(scope, models, seed=5, rows=20, touches=touches)


@pytest.fixture(scope="session")
def filled(
    postgres_template: PostgresTemplate, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Filled]:
    """25 towns with 500 rows in each table, and the statistics that a database in use has."""
    folder = tmp_path_factory.mktemp("plans")
    with postgres_template.copy(folder) as address:
        asyncio.run(_few(address, folder / "data"))
        name = str(sa.engine.make_url(address.url).database)
        postgres_server.execute("; ".join(MENDED), database=name)
        multiply(postgres_server, name, town=1, rows=ROWS, towns=MORE_TOWNS)
        yield Filled(address, postgres_server, name)
