"""Commands over all towns: the fault of one keeps no other from its turn, and is told."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from regiohub.db.backup import back_up
from regiohub.events.models import JobState
from regiohub.platform import Platform
from regiohub.plugins.subjects import Subject
from regiohub.privacy import erase_subject
from regiohub.tenancy.context import Ctx
from regiohub.testing.databases import Address, settings_for
from regiohub.testing.factories import make
from regiohub_booking.models import Booking

from .conftest import Shell

ANNA = Subject("anna", frozenset({"anna@example.org"}))
TOWNS = ("bad-belzig", "potsdam")
STUCK = (
    "CREATE TRIGGER stuck BEFORE UPDATE ON booking_booking WHEN OLD.tenant_id ="
    " (SELECT id FROM tenant WHERE slug = 'bad-belzig') BEGIN SELECT RAISE(ABORT, 'stuck'); END"
)


def database(shell: Shell) -> Path:
    return shell.root / "data" / "regiohub.sqlite3"


def change(shell: Shell, statement: str) -> None:
    """Change the database behind the platform's back."""
    with closing(sqlite3.connect(database(shell))) as connection, connection:
        connection.execute(statement)


async def in_towns(shell: Shell, slugs: Sequence[str], work: Callable[[Ctx], Awaitable[object]]) -> None:
    """Do something in these towns, as the platform does it."""
    url = f"sqlite+aiosqlite:///{database(shell).as_posix()}"
    platform = Platform(settings_for(Address(url, url), shell.root / "data"))
    await platform.start()
    try:
        for slug in slugs:
            town = platform.tenants.get(slug)
            assert town is not None
            await platform.scope(town).run(work)
    finally:
        await platform.stop()


@pytest.fixture
def booked(shell: Shell) -> Shell:
    """A booking of Anna in two towns, over for two years."""

    async def plant(ctx: Ctx) -> None:
        over = datetime.now(UTC) - timedelta(days=730)
        await make(
            ctx, Booking, subject="anna", booker_email="anna@example.org", booker_name="Anna", ends_at=over,
            starts_at=over - timedelta(hours=1),
        )  # fmt: skip

    asyncio.run(in_towns(shell, TOWNS, plant))
    return shell


def test_retention_runs_in_all_sound_towns_and_names_the_faulty_one(booked: Shell) -> None:
    change(booked, STUCK)
    done = booked.run("retention", "run", "--json")
    assert (done.code, "Traceback" in done.err) == (1, False)
    assert "1 town was not done:\n  bad-belzig: IntegrityError: stuck" in done.err
    emptied = {one["town"]: one["emptied"] for one in done.json}
    assert "bad-belzig" not in emptied
    assert emptied["potsdam"]["booking.bookings"] == 1
    change(booked, "DROP TRIGGER stuck")
    told = booked.run("retention", "run")
    assert (told.code, "bad-belzig" in told.out, "potsdam" in told.out) == (0, True, False)


def test_what_is_kept_is_shown_of_all_sound_towns(booked: Shell) -> None:
    async def unreadable(ctx: Ctx) -> None:
        await make(ctx, JobState, name="core.retention")
        nonsense = sa.update(JobState).values(finished_at=sa.literal_column("'nonsense'"))
        await ctx.session.execute(nonsense, execution_options={"synchronize_session": False})

    asyncio.run(in_towns(booked, ["bad-belzig"], unreadable))
    for words in (("show",), ("run", "--dry-run")):
        shown = booked.run("retention", *words)
        assert (shown.code, "potsdam" in shown.out, "bad-belzig: ValueError" in shown.err) == (1, True, True)
        assert "Traceback" not in shown.err


def test_people_are_erased_again_in_all_sound_towns(booked: Shell) -> None:
    copy = booked.root / "copy"
    back_up(database(booked), copy)
    asyncio.run(in_towns(booked, TOWNS, lambda ctx: erase_subject(ctx, ANNA)))
    copy.replace(database(booked))
    change(booked, STUCK)
    done = booked.run("subject", "erase-again")
    assert (done.code, "bad-belzig: IntegrityError: stuck" in done.err) == (1, True)
    assert "potsdam: 1 records" in done.out
    assert "1 people erased again." in done.out
    change(booked, "DROP TRIGGER stuck")
    again = booked.run("subject", "erase-again")
    assert (again.code, "bad-belzig: 1 records" in again.out, "potsdam" in again.out) == (0, True, False)


def test_all_towns_are_backed_up_whose_backup_can_be_written(shell: Shell) -> None:
    (shell.root / "backups").mkdir()
    (shell.root / "backups" / "bad-belzig").write_text("in the way")
    done = shell.run("tenant", "backup", REGIOHUB_BACKUP_DIR=str(shell.root / "backups"))
    assert done.code == 1
    assert "bad-belzig: Exporting to" in done.err
    assert "potsdam" in done.out
    assert len(list((shell.root / "backups").glob("*/*.zip"))) == 2
    one = shell.run("tenant", "backup", "--tenant", "bad-belzig", REGIOHUB_BACKUP_DIR=str(shell.root / "backups"))
    assert (one.code, one.err.startswith("Error: Exporting to")) == (1, True)
