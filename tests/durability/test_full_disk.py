"""No room left: callers are told so, nothing is half written, and all goes on by itself when there is room again."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from regiohub.auth.permissions import TENANT_ADMIN
from regiohub.events.models import EntryKind, EntryState, OutboxEntry
from regiohub.testing.installations import Installations
from regiohub.testing.services import PostgresServer
from regiohub_lorawan.models import StoredMessage

from .found import settled, verdicts
from .ledger import Ledger, judge, show
from .machine import REGIOHUB
from .senders import BOOK, uplink
from .town import Site, Town, site

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
UPLOAD = "mutation ($logo: String!) { uploadLogo(base64: $logo) { errors { code } } }"
MOST = 4000
"""Uplinks after which a disk that is still not full is a fault of the test."""


def told(answer: httpx.Response) -> None:
    """The answer says that there is no room, when to come again, and nothing of our insides."""
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"], answer.headers["retry-after"]) == (507, "STORAGE_FULL", "60"), answer.text
    assert "Traceback" not in answer.text


async def send(client: httpx.AsyncClient, town: Town, number: int, language: str = "de") -> httpx.Response:
    """An uplink."""
    headers = {"authorization": f"Bearer {town.key}", "accept-language": language}
    return await client.post(
        f"/{town.slug}/lorawan/ingest/chirpstack?event=up", content=uplink(number), headers=headers
    )


async def operate(
    at: Site, client: httpx.AsyncClient, document: str, variables: dict[str, Any], **who: Any
) -> httpx.Response:
    """An operation of a person in Potsdam."""
    at.world.clock.set(datetime.now(UTC))
    who = {"subject": "anna"} | who
    who["email"] = f"{who['subject']}@example.org"
    headers = {"authorization": f"Bearer {at.world.token('potsdam', **who)}", "content-type": "application/json"}
    return await client.post(
        "/potsdam/graphql", content=json.dumps({"query": document, "variables": variables}), headers=headers
    )


async def book(at: Site, client: httpx.AsyncClient, number: int = 0) -> httpx.Response:
    """A booking of a person, with a mail to her; each number is a person and an hour of its own."""
    day = datetime.now(UTC).date() + timedelta(days=3 + number // 13)
    wish = {
        "resourceId": at.towns["potsdam"].rooms[0], "day": day.isoformat(), "startTime": f"{8 + number % 13:02}:00",
        "endTime": f"{9 + number % 13:02}:00",
    }  # fmt: skip
    return await operate(at, client, BOOK, {"input": wish}, subject=f"person-{number}")


def booked(answer: httpx.Response) -> str | None:
    """The id of the booking that was made; None if there was no room."""
    body: dict[str, Any] = answer.json()
    if "errors" in body:
        assert body["errors"][0]["extensions"]["code"] == "STORAGE_FULL", answer.text
        return None
    assert body["data"]["createBooking"]["errors"] == [], answer.text
    return f"potsdam:{body['data']['createBooking']['booking']['id']}"


async def stored(at: Site) -> Counter[str]:
    """Uplinks of Potsdam that are there, by number."""
    async with at.world.scope("potsdam").read() as ctx:
        keys = await ctx.session.scalars(sa.select(StoredMessage.dedup_key))
        return Counter(key.partition("up-")[2] for key in keys)


async def fill_up(client: httpx.AsyncClient, town: Town) -> tuple[set[str], httpx.Response]:
    """Send until there is no room; the numbers that were acknowledged, and the answer that said so."""
    acknowledged: set[str] = set()
    for number in range(MOST):
        answer = await send(client, town, number)
        if answer.status_code != 202:
            return acknowledged, answer
        acknowledged.add(str(number))
    raise AssertionError(f"there was room for {MOST} uplinks")


async def test_a_full_embedded_database_refuses_with_words_and_takes_up_again(
    installations: Installations, tmp_path: Path
) -> None:
    async with site(installations, "sqlite", tmp_path) as at:
        writing, client = at.world.platform.database.writing, at.world.client
        town = at.towns["potsdam"]

        async def allow(more: int | None) -> None:
            # Past the guards of serving connections, as a disk is.
            async with writing.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                async with driver.execute("PRAGMA page_count") as cursor:
                    ((pages,),) = await cursor.fetchall()
                await driver.execute(f"PRAGMA max_page_count={2**30 if more is None else pages + more}")

        await allow(10)
        acknowledged, refused = await fill_up(client, town)
        told(refused)
        assert "Speicher der Plattform ist voll" in refused.json()["detail"]
        assert "storage is full" in (await send(client, town, 100_000, "en")).json()["detail"]
        assert (await at.world.client.get("/readyz")).status_code == 200, "reading goes on"
        bookings, number = Ledger(), 0
        # What has room in pages that are there already still goes in.
        while made := booked(await book(at, client, number)):
            bookings.acknowledge("booking", made)
            number += 1
        verdict = judge("uplinks", acknowledged, await stored(at))
        found = await verdicts(at, bookings)
        assert (verdict.sound, verdict.more) == (True, 0), str(verdict)
        (kept,) = [one for one in found if one.kind == "bookings"]
        assert (kept.sound, kept.more) == (True, 0), str(kept)
        await allow(None)
        assert (await send(client, town, 100_000)).status_code == 202
        assert booked(await book(at, client, number))
    show(f"embedded database, full after {len(acknowledged)} uplinks: {verdict}", str(kept))


async def test_a_server_on_the_embedded_database_whose_disk_is_full_goes_on_when_there_is_room(
    installations: Installations, tmp_path: Path
) -> None:
    async with site(installations, "sqlite", tmp_path) as at, httpx.AsyncClient(timeout=40) as client:
        await asyncio.to_thread(at.machine.serve)
        client.base_url, town = httpx.URL(at.machine.url), at.towns["potsdam"]
        file = tmp_path / "regiohub.sqlite3"
        at.machine.limit("server", file.with_name(f"{file.name}-wal").stat().st_size + 200_000)
        acknowledged, refused = await fill_up(client, town)
        told(refused)
        logo = await operate(at, client, UPLOAD, {"logo": base64.b64encode(LOGO).decode()}, roles=(TENANT_ADMIN,))
        assert logo.json()["errors"][0]["extensions"]["code"] == "STORAGE_FULL", logo.text
        assert at.machine.ready()
        assert "storage_outage" in at.machine.log("server"), "the log says why"
        at.machine.limit("server", None)
        for number in range(len(acknowledged), len(acknowledged) + 20):
            assert (await send(client, town, number)).status_code == 202
            acknowledged.add(str(number))
        at.machine.kill("server")
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        verdict = judge("uplinks", acknowledged, await stored(at))
        assert (verdict.sound, verdict.more) == (True, 0), str(verdict)
    show(f"server with a full disk: {verdict}")


async def test_backups_and_exports_that_find_no_room_say_so_and_leave_nothing_behind(
    installations: Installations, tmp_path: Path
) -> None:
    async with site(installations, "sqlite", tmp_path) as at:
        (target := tmp_path / "copies").mkdir()
        for words in (("db", "backup", "all.sqlite3"), ("tenant", "export", "potsdam.zip", "--tenant", "potsdam")):
            command = ["prlimit", "--fsize=20000", str(REGIOHUB), *words]
            done = await asyncio.to_thread(
                subprocess.run, command, env=at.machine.environment, cwd=target, capture_output=True, text=True
            )
            assert done.returncode not in (0, None), done.stdout
            assert "Traceback" not in done.stderr
            assert "Error:" in done.stderr, done.stderr
            assert list(target.iterdir()) == [], words


@pytest.mark.postgresql
async def test_mails_and_uploads_that_find_no_room_are_whole_later_or_not_there(
    installations: Installations, tmp_path: Path
) -> None:
    async with site(installations, "postgresql", tmp_path) as at, httpx.AsyncClient(timeout=40) as client:
        await asyncio.gather(asyncio.to_thread(at.machine.serve), asyncio.to_thread(at.machine.work))
        client.base_url, data = httpx.URL(at.machine.url), at.machine.data
        first = await operate(at, client, UPLOAD, {"logo": base64.b64encode(LOGO).decode()}, roles=(TENANT_ADMIN,))
        assert first.json()["data"]["uploadLogo"]["errors"] == [], first.text
        before = files(data)
        # Not even the log may grow: no reason to fail.
        for name in ("server", "worker"):
            at.machine.limit(name, 10)
        for logo in (LOGO, LOGO.replace(b"1 1", b"2 2")):
            again = await operate(at, client, UPLOAD, {"logo": base64.b64encode(logo).decode()}, roles=(TENANT_ADMIN,))
            assert again.json()["errors"][0]["extensions"]["code"] == "STORAGE_FULL", again.text
        assert booked(await book(at, client))
        await wait_for_failed_mail(at)
        assert files(data) == before, "no half file, and the logo that is served is the old one, whole"
        for name in ("server", "worker"):
            at.machine.limit(name, None)
        seconds = await settled(at)
        mails = list((data / "mail" / "potsdam").iterdir())
        assert [mail.suffix for mail in mails] == [".eml"]
        assert b"person-0@example.org" in mails[0].read_bytes()
        assert (await client.get("/potsdam/logo")).content == LOGO
    show(f"mail delivered {seconds:.1f} s after there was room again, once")


async def wait_for_failed_mail(at: Site) -> None:
    """Wait until a mail could not be written."""
    async with asyncio.timeout(20):
        while True:
            async with at.world.scope("potsdam").read() as ctx:
                failed = sa.select(OutboxEntry.error).where(
                    OutboxEntry.kind == EntryKind.MAIL, OutboxEntry.state == EntryState.PENDING
                )
                if await ctx.session.scalar(failed) is not None:
                    return
            await asyncio.sleep(0.1)


def files(folder: Path) -> dict[str, bytes]:
    """All files of the data folder with their content."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@contextmanager
def small_disk(size: str) -> Generator[Path]:
    """A file system of its own with hardly any room; the test is skipped where none may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="regiohub-disk-", dir="/tmp"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("no file system may be mounted here")
    try:
        shutil.chown(folder, "postgres", "postgres")
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@pytest.mark.postgresql
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
async def test_a_full_disk_of_the_database_server_refuses_with_words_and_takes_up_again(
    installations: Installations, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with small_disk("400k") as disk:
        async with site(installations, "postgresql", tmp_path) as at:
            name = str(sa.make_url(at.machine.address.url).database)
            space = f"small_{name}"

            async def execute(text: str, database: str = "postgres") -> None:
                # Beside the loop: whoever holds a lock that it waits for may be working there.
                await asyncio.to_thread(postgres_server.execute, text, database=database)

            await execute(f"CREATE TABLESPACE {space} LOCATION '{disk}'")
            await execute(f"ALTER TABLE lorawan_message SET TABLESPACE {space}", name)
            client, town = at.world.client, at.towns["potsdam"]
            acknowledged, refused = await fill_up(client, town)
            told(refused)
            verdict = judge("uplinks", acknowledged, await stored(at))
            assert (verdict.sound, verdict.more) == (True, 0), str(verdict)
            assert booked(await book(at, client)), "what has room goes on"
            await asyncio.to_thread(subprocess.run, ["mount", "-o", "remount,size=8m", str(disk)], check=True)
            assert (await send(client, town, 100_000)).status_code == 202
            await execute("ALTER TABLE lorawan_message SET TABLESPACE pg_default", name)
            await execute(f"DROP TABLESPACE {space}")
    show(f"database server, full after {len(acknowledged)} uplinks: {verdict}")
