"""Indexes under row level security: which functions `regiohub db harden` marks, what it brings, and why no others."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from regiohub.cli.database_examination import database_checks
from regiohub.cli.examination import Finding
from regiohub.db.geometry import near, within_bbox
from regiohub.db.hardening import PROFILE, harden, standing
from regiohub.platform import Platform
from regiohub.testing import World
from regiohub.testing.databases import PostgresTemplate
from regiohub.testing.services import PostgresServer
from regiohub.testing.world import open_world
from regiohub.web.app import create_app
from regiohub_booking.models import Place

PLACES, RANGES, WORDS = (operator.function for operator in PROFILE)


class Hub:
    """An installation on PostgreSQL with its superuser."""

    def __init__(self, world: World, server: PostgresServer) -> None:
        self.world, self.server = world, server
        self.url = world.platform.settings.database_url
        self.name = str(sa.engine.make_url(self.url).database)

    async def harden(self, **options: bool) -> dict[str, str]:
        """What the command does: the statement per function."""
        steps = await harden(self.server.url(), self.url, **options)
        return {one.operator.function: statement for one, statement in steps}

    def execute(self, sql: str) -> str:
        """As superuser."""
        return self.server.execute(sql, database=self.name)

    async def marked(self) -> set[str]:
        async with self.world.platform.database.reading.connect() as connection:
            return {one.operator.function for one in await standing(connection) if one.marked}

    async def speed(self) -> Finding:
        """What doctor says of it."""
        findings = [
            finding for check in database_checks(self.world.platform) for finding in await check(self.world.platform)
        ]
        return next(finding for finding in findings if finding.subject == "Speed")

    async def plan(self, statement: sa.Select[Any]) -> str:
        """The plan of a town's query, as the serving role gets it."""
        async with self.world.scope("potsdam").read() as ctx:
            connection = await ctx.session.connection()
            text = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
            rows = await connection.exec_driver_sql(f"EXPLAIN {text}")
            return "\n".join(row[0] for row in rows)


def copy_by_dump(server: PostgresServer, name: str, target: str, file: Path) -> None:
    """A backup and its restore into an empty database."""
    login = ["--host", str(server.host), "--username", "postgres"]
    dump, restore = (str(server.psql.with_name(program)) for program in ("pg_dump", "pg_restore"))
    subprocess.run([dump, *login, "--format=custom", "--schema-only", f"--file={file}", name], check=True)
    subprocess.run([restore, *login, f"--dbname={target}", str(file)], check=True)


@pytest.fixture
async def hub(
    postgres_template: PostgresTemplate, postgres_server: PostgresServer, tmp_path: Path
) -> AsyncGenerator[Hub]:
    with postgres_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data") as world:
            yield Hub(world, postgres_server)


async def test_exactly_the_functions_that_indexes_wait_for_are_marked(hub: Hub) -> None:
    steps = await hub.harden()
    assert await hub.marked() == {PLACES, RANGES}
    assert steps[WORDS] == "", "no index of the platform searches full text"
    async with hub.world.platform.database.reading.connect() as connection:
        found = {one.operator.function: one for one in await standing(connection)}
    assert "ix_booking_place_position_gist" in found[PLACES].indexes
    assert hub.execute("SELECT count(*) FROM pg_proc WHERE proname = 'st_intersects' AND proleakproof") == "0"


async def test_a_dry_run_says_the_same_and_changes_nothing(hub: Hub) -> None:
    said = await hub.harden(dry_run=True)
    assert await hub.marked() == set()
    assert said == await hub.harden()


async def test_marking_twice_and_taking_the_marks_away_twice_is_no_error(hub: Hub) -> None:
    await hub.harden()
    assert set((await hub.harden()).values()) == {""}
    undone = await hub.harden(undo=True)
    assert {name for name, statement in undone.items() if statement} == {PLACES, RANGES}
    assert await hub.marked() == set()
    assert set((await hub.harden(undo=True)).values()) == {""}


async def test_an_index_that_a_plugin_brings_later_is_served_after_another_run(hub: Hub) -> None:
    await hub.harden()
    hub.execute("CREATE INDEX words ON booking_place USING gin (to_tsvector('german', name))")
    said = await hub.speed()
    assert (said.level, WORDS in said.text, "words" in said.text) == ("warning", True, True)
    await hub.harden()
    assert await hub.marked() == {PLACES, RANGES, WORDS}


async def test_only_a_superuser_can_and_what_was_begun_is_taken_back(hub: Hub) -> None:
    owner = hub.world.platform.settings.database_owner_url
    with pytest.raises(DBAPIError, match=r"must be owner of function|only superuser"):
        await harden(owner, hub.url)
    assert await hub.marked() == set()


async def test_a_search_on_the_map_uses_its_index_only_where_the_mark_is(hub: Hub) -> None:
    copies = (
        "INSERT INTO booking_place (tenant_id, id, slug, name, address, example, position)"
        " SELECT 1 + n % 3, gen_random_uuid(), 'haus-' || n, 'Haus ' || n, '', false,"
        " ST_SetSRID(ST_MakePoint(12 + n % 97 / 50.0, 52 + n % 89 / 60.0), 4326)"
        " FROM generate_series(1, 6000) n"
    )
    hub.execute("SET session_replication_role = replica; " + copies)
    hub.execute("ANALYZE booking_place")
    mine = sa.select(Place.id).where(Place.tenant_id == 1)
    queries = (
        mine.where(within_bbox(Place.position, 13.0, 52.4, 13.03, 52.43)),
        mine.where(near(Place.position, 13.0, 52.4, 1500)),
    )
    for query in queries:
        assert "ix_booking_place_position_gist" not in await hub.plan(query)
    await hub.harden()
    for query in queries:
        assert "ix_booking_place_position_gist" in await hub.plan(query)


async def test_doctor_warns_until_the_marks_are_there(hub: Hub) -> None:
    warned = await hub.speed()
    assert warned.level == "warning"
    assert PLACES in warned.text
    assert "regiohub db harden" in warned.remedy
    await hub.harden()
    assert (await hub.speed()).level == "ok"


async def test_the_server_warns_once_at_its_start(hub: Hub) -> None:
    async def warnings() -> list[Any]:
        app = create_app(Platform(hub.world.platform.settings))
        with capture_logs() as logs:
            async with app.router.lifespan_context(app):
                pass
        return [line["functions"] for line in logs if line["event"] == "indexes_idle_under_row_level_security"]

    assert await warnings() == [[PLACES, RANGES]]
    await hub.harden()
    assert await warnings() == []


async def test_doctor_sees_that_an_update_of_the_extension_took_the_mark(hub: Hub) -> None:
    await hub.harden()
    # What an extension's update script does with each of its functions.
    text = hub.execute(f"SELECT pg_get_functiondef('{PLACES}'::regprocedure)")
    assert " LEAKPROOF" in text
    hub.execute(text.replace(" LEAKPROOF", ""))
    said = await hub.speed()
    assert (said.level, PLACES in said.text, RANGES in said.text) == ("warning", True, False)


async def test_doctor_sees_that_a_restore_took_the_marks(hub: Hub, tmp_path: Path) -> None:
    await hub.harden()
    file, restored = tmp_path / "dump", f"{hub.name}_restored"
    hub.server.create_database(restored)
    try:
        copy_by_dump(hub.server, hub.name, restored, file)
        there = hub.server.execute(
            f"SELECT proleakproof FROM pg_proc WHERE oid = '{PLACES}'::regprocedure", database=restored
        )
        assert there == "f", "if dumps keep the mark one day, the page and the warning may go"
        again = dict(await harden(hub.server.url(), hub.server.url(restored), dry_run=True))
        assert {one.operator.function for one, statement in again.items() if statement} == {PLACES, RANGES}
    finally:
        hub.server.drop_database(restored)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        # Whether a value begins with "ab" is told by an error or none: so LIKE stays behind the walls.
        ("SELECT 'abc' LIKE E'ab\\\\'", "must not end with escape character"),
        ("SELECT ST_Intersects('SRID=4326;POINT(1 2)'::geometry, 'SRID=3857;POINT(1 2)'::geometry)", "mixed SRID"),
    ],
)
def test_functions_that_stay_unmarked_do_tell_of_values(
    postgres_server: PostgresServer, postgres_template: PostgresTemplate, question: str, message: str
) -> None:
    name = str(sa.engine.make_url(postgres_template.address.url).database)
    with pytest.raises(RuntimeError, match=message):
        postgres_server.execute(question, database=name)
    assert postgres_server.execute("SELECT 'xyz' LIKE E'ab\\\\'", database=name) == "f"
