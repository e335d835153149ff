"""A whole installation in a test: three towns, a clock that stands still, and short ways to call it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cached_property
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
from sqlalchemy import event

from regiohub.auth.dev import DevIssuer
from regiohub.auth.permissions import granted
from regiohub.auth.principal import ANONYMOUS, Principal, PrincipalKind
from regiohub.clock import FrozenClock
from regiohub.platform import Platform
from regiohub.tenancy.context import TenantScope
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.switches import switch
from regiohub.testing.callers import Answer, Caller
from regiohub.testing.captures import Capture
from regiohub.testing.console import ORIGIN, ConsoleClient
from regiohub.testing.databases import Address, settings_for
from regiohub.texts import Language

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
"""Monday, 10:00 in Potsdam: the moment at which every test world begins."""


class World:
    """One installation. Made by the fixtures `world` and `world_sqlite`."""

    def __init__(self, platform: Platform, clock: FrozenClock) -> None:
        self.platform, self.clock = platform, clock
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=self._answer), base_url=ORIGIN)
        issuer = DevIssuer.from_settings(platform.settings, clock.now)
        assert issuer is not None
        self._issuer = issuer

    @cached_property
    def app(self) -> FastAPI:
        """The web application; made when it is first asked for, since many tests never do."""
        from regiohub.web.app import create_app

        return create_app(self.platform)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.platform.database.dialect

    def tenant(self, slug: str) -> TenantInfo:
        """A town by its slug."""
        found = self.platform.tenants.get(slug)
        assert found is not None, f"no town {slug}"
        return found

    def scope(self, slug: str, **kwargs: Any) -> TenantScope:
        """A town's scope, acting as the platform unless `principal=` says otherwise."""
        return self.platform.scope(self.tenant(slug), **kwargs)

    def token(self, slug: str | None = None, *, roles: Iterable[str] = (), subject: str = "anna", **kwargs: Any) -> str:
        """A bearer token: staff with roles in a town, or a plain signed-in person."""
        return self._issuer.issue_token(slug, roles, subject=subject, **kwargs)

    def principal(self, slug: str = "potsdam", *, roles: Iterable[str] = (), subject: str | None = "anna") -> Principal:
        """A caller with roles in a town; `subject=None` is anonymous."""
        if subject is None:
            return ANONYMOUS
        have = frozenset(roles) | {"citizen"}
        return Principal(
            PrincipalKind.PERSON, subject=subject, name="Anna Beispiel", email=f"{subject}@example.org", tenant=slug,
            roles=have, permissions=granted(have, self.platform.permissions(slug)),
        )  # fmt: skip

    def headers(
        self, slug: str | None, *, roles: Iterable[str] = (), subject: str | None = None, token: str | None = None
    ) -> dict[str, str]:
        """Request headers of a caller; anonymous without roles, subject and token."""
        if token is None and (subject is not None or tuple(roles)):
            token = self.token(slug, roles=roles, subject=subject or "anna", email=f"{subject or 'anna'}@example.org")
        return {"authorization": f"Bearer {token}"} if token else {}

    def caller(
        self, slug: str = "potsdam", *, roles: Iterable[str] = (), subject: str | None = None,
        token: str | None = None, language: Language = "en",
    ) -> Caller:  # fmt: skip
        """Somebody who asks a town's API: anonymous, a person (`subject=`), staff (`roles=`), or a token's owner."""
        return Caller(self, slug, tuple(roles), subject, token, language)

    async def graphql(
        self,
        slug: str,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        roles: Iterable[str] = (),
        subject: str | None = None,
        token: str | None = None,
        language: str = "en",
    ) -> Answer:
        """Send a document to a town's API (or to "region") as an anonymous caller, a person or staff."""
        town = None if slug == "region" else slug
        headers = self.headers(town, roles=roles, subject=subject, token=token) | {"accept-language": language}
        response = await self.client.post(
            f"/{slug}/graphql", json={"query": document, "variables": dict(variables or {})}, headers=headers
        )
        body = cast("dict[str, Any]", response.json())
        return Answer(body.get("data"), body.get("errors", []), response.status_code)

    async def console(
        self, slug: str | None = "potsdam", *, roles: Iterable[str] = (), subject: str = "anna",
        regional: Iterable[str] = (),
    ) -> ConsoleClient:  # fmt: skip
        """A person who is signed in to the console: staff of a town with roles, or (slug None) of the region."""
        from regiohub.auth.login.cookies import SESSION

        state = self.app.state.web
        token = self.token(slug if tuple(roles) else None, roles=roles, subject=subject, regional_roles=regional)
        claims, issuer = await state.identity.validator.validate(token, None)
        opened = await state.login.sessions.open(claims=claims, issuer=issuer)
        base = f"/console/{slug}" if slug else "/console/region"
        return ConsoleClient(self.client, base=base, cookie=opened.cookie, name=SESSION, csrf=opened.session.csrf)

    async def enable(self, slug: str, plugin: str, measure: str | None = None) -> None:
        """Switch a plugin on in a town."""
        await switch(self.platform, self.tenant(slug), plugin, on=True, measure=measure)

    async def disable(self, slug: str, plugin: str) -> None:
        """Switch a plugin off in a town."""
        await switch(self.platform, self.tenant(slug), plugin, on=False)

    async def work(self) -> None:
        """Deliver events, tasks, mails and due jobs until nothing is left to do now."""
        from regiohub.events.worker import Worker

        await Worker(self.platform).drain()

    async def later(self, **parts: float) -> None:
        """Let time pass (`hours=2`, as for timedelta), then do what has become due."""
        self.clock.advance(timedelta(**parts))
        await self.work()

    def local(self, slug: str, text: str) -> datetime:
        """A moment in a town's wall-clock time: `world.local("potsdam", "2026-06-01 10:00")`."""
        return datetime.fromisoformat(text).replace(tzinfo=self.tenant(slug).timezone)

    async def capture(self) -> Capture:
        """Events, tasks and runs of jobs from now on."""
        return await Capture(self).begin()

    @property
    def mails(self) -> list[EmailMessage]:
        """Mails sent so far, oldest first."""
        import email
        from email.policy import default

        files = sorted(
            (self.platform.settings.data_dir / "mail").glob("**/*.eml"), key=lambda file: file.stat().st_mtime_ns
        )
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]

    @contextmanager
    def statements(self) -> Generator[list[str]]:
        """Collects the SQL statements that run inside the block, without those that set the tenant."""
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
            if "set_config(" not in statement and not statement.startswith(("BEGIN", "PRAGMA")):
                seen.append(statement)

        engines = {
            id(e.sync_engine): e.sync_engine for e in (self.platform.database.reading, self.platform.database.writing)
        }
        # PostgreSQL: the reading engine is a view of the writing one and would count twice.
        watched = (
            [self.platform.database.writing.sync_engine] if self.dialect == "postgresql" else list(engines.values())
        )
        for engine in watched:
            event.listen(engine, "before_cursor_execute", note)
        direct = self.platform.database.direct
        direct.watchers.append(seen.append)
        try:
            yield seen
        finally:
            direct.watchers.remove(seen.append)
            for engine in watched:
                event.remove(engine, "before_cursor_execute", note)


@asynccontextmanager
async def open_world(
    address: Address,
    data_dir: Path,
    *,
    at: datetime = START,
    entries: Sequence[EntryPoint] | None = None,
    **changes: Any,
) -> AsyncGenerator[World]:
    """Start an installation on a prepared database.

    `entries`: the plugins, as entry points; None = every installed one. `changes` override settings.
    """
    clock = FrozenClock(at)
    settings = settings_for(address, data_dir).model_copy(update=changes)
    platform = Platform(settings, entries=entries, clock=clock)
    await platform.start()
    try:
        world = World(platform, clock)
        async with world.client:
            yield world
    finally:
        await platform.stop()
