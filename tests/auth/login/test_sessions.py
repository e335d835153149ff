"""Sessions: opened by a secret that is kept nowhere, ended by time or by hand, unreadable in the database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.requests import Request

from regiohub.auth.login import Tokens
from regiohub.auth.login.cookies import SESSION
from regiohub.auth.login.models import SessionRow
from regiohub.auth.login.retention import forget_sessions
from regiohub.errors import NotFound
from regiohub.testing.world import World

from .conftest import Desk

TOKENS = Tokens("access-SECRET", "refresh-SECRET", "id-SECRET")


def request_of(world: World, cookie: str | None, headers: Mapping[str, str] | None = None) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    if cookie is not None:
        raw.append((b"cookie", f"{SESSION}={cookie}".encode()))
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw, "app": world.app})


async def test_the_cookie_opens_the_session_and_nothing_else_does(desk: Desk) -> None:
    opened = await desk.open()
    found = await desk.login.session(request_of(desk.world, opened.cookie))
    assert found is not None
    assert found == opened.session
    assert found.claims.staff == {"potsdam": frozenset({"editor"})}
    for wrong in (None, "", opened.cookie + "x", str(opened.session.id), "ä\udcff"):
        assert (
            await desk.login.session(request_of(desk.world, wrong and wrong.encode("utf-8", "ignore").decode())) is None
        )


async def test_neither_cookie_nor_tokens_nor_names_can_be_read_in_the_database(desk: Desk) -> None:
    opened = await desk.open(tokens=TOKENS)
    async with desk.world.platform.database.platform() as session:
        row = (await session.scalars(sa.select(SessionRow))).one()
    kept = repr({column.name: getattr(row, column.name) for column in SessionRow.__table__.columns})
    for secret in (opened.cookie, opened.session.csrf, "SECRET", "Anna Beispiel", "anna@example.org"):
        assert secret not in kept
    if desk.world.dialect == "sqlite":
        folder = Path(str(desk.world.platform.database.writing.url.database)).parent
        files = b"".join(file.read_bytes() for file in folder.glob("regiohub.sqlite3*"))
        assert row.mark.encode() in files
        for secret in (opened.cookie, opened.session.csrf, "SECRET", "Anna Beispiel"):
            assert secret.encode() not in files


async def test_content_moved_to_another_row_does_not_open(desk: Desk) -> None:
    theirs, mine = await desk.open("rita", staff={"potsdam": frozenset({"tenant-admin"})}), await desk.open("eve")
    async with desk.world.platform.database.platform(write=True) as session, session.begin():
        rows = {row.subject: row for row in await session.scalars(sa.select(SessionRow))}
        rows["eve"].sealed = rows["rita"].sealed
    assert await desk.sessions.find(mine.cookie) is None
    assert await desk.sessions.find(theirs.cookie) is not None


async def test_session_ends_when_nobody_uses_it(desk: Desk) -> None:
    opened = await desk.open(tokens=TOKENS, expires_at=desk.world.clock.now() + timedelta(days=1))
    for _ in range(3):
        desk.world.clock.advance(timedelta(minutes=29))
        found = await desk.sessions.find(opened.cookie)
        assert found is not None
        await desk.sessions.touch(found.row)
    desk.world.clock.advance(timedelta(minutes=31))
    assert await desk.sessions.find(opened.cookie) is None


async def test_session_ends_however_busy_it_is(desk: Desk) -> None:
    opened = await desk.open(tokens=TOKENS, expires_at=desk.world.clock.now() + timedelta(days=1))
    for _ in range(39):
        desk.world.clock.advance(timedelta(minutes=15))
        found = await desk.sessions.find(opened.cookie)
        assert found is not None
        await desk.sessions.touch(found.row)
    desk.world.clock.advance(timedelta(minutes=15))
    assert await desk.sessions.find(opened.cookie) is None


async def test_session_that_cannot_be_renewed_ends_with_its_claims(desk: Desk) -> None:
    opened = await desk.open()
    desk.world.clock.advance(timedelta(minutes=5))
    assert await desk.sessions.find(opened.cookie) is None


async def test_last_use_is_written_at_most_once_a_minute(desk: Desk) -> None:
    opened = await desk.open(expires_at=desk.world.clock.now() + timedelta(hours=1))
    with desk.world.statements() as seen:
        for _ in range(10):
            desk.world.clock.advance(timedelta(seconds=12))
            assert await desk.login.session(request_of(desk.world, opened.cookie)) is not None
    writes = [statement for statement in seen if statement.startswith("UPDATE")]
    assert (len(writes), len(seen)) == (2, 12)


async def test_one_request_looks_the_session_up_once(desk: Desk) -> None:
    request = request_of(desk.world, (await desk.open()).cookie)
    with desk.world.statements() as seen:
        assert await desk.login.session(request) is await desk.login.session(request)
    assert len(seen) == 1


async def test_person_sees_and_ends_own_sessions_only(desk: Desk) -> None:
    own = desk.login.own
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    first, second = await desk.open(user_agent=agent), await desk.open()
    other = await desk.open("bruno")
    mine = await own.list(second.session)
    assert {(one.id, one.device, one.is_this) for one in mine} == {
        (first.session.id, "Firefox · Windows", False),
        (second.session.id, "", True),
    }
    with pytest.raises(NotFound):
        await own.end(second.session, other.session.id)
    assert await own.end_others(second.session) == 1
    assert await desk.sessions.find(first.cookie) is None
    await own.end(second.session, second.session.id)
    assert await desk.sessions.find(second.cookie) is None
    with pytest.raises(NotFound):
        await own.end(second.session, second.session.id)
    assert await desk.sessions.find(other.cookie) is not None


async def test_ended_rows_are_deleted_and_living_ones_stay(desk: Desk) -> None:
    long = desk.world.clock.now() + timedelta(hours=9)
    await desk.open()
    idle = await desk.open("bruno", expires_at=long)
    desk.world.clock.advance(timedelta(minutes=20))
    alive = await desk.open("carla", expires_at=long)
    desk.world.clock.advance(timedelta(minutes=15))
    assert await forget_sessions(desk.world.platform) == 2
    assert await desk.sessions.find(alive.cookie) is not None
    assert await desk.sessions.find(idle.cookie) is None


async def test_session_of_an_issuer_that_no_longer_counts_is_none(desk: Desk) -> None:
    gone = replace(desk.issuer, issuer="https://login.gone.example")
    opened = await desk.sessions.open(claims=desk.claims(), issuer=gone)
    assert await desk.sessions.find(opened.cookie) is None


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("curl/8.1", ""),
        ("", ""),
    ],
)  # fmt: skip
async def test_device_is_named_coarsely(desk: Desk, agent: str, device: str) -> None:
    await desk.open(user_agent=agent)
    (row,) = await desk.sessions.of_person(desk.issuer.issuer, "anna")
    assert row.device == device
