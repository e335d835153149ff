"""Several issuers: people choose, and a town's own login server speaks for that town only."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from regiohub.auth.login import Tokens
from regiohub.auth.login.renewal import confined
from regiohub.settings import IssuerSettings
from regiohub.testing.databases import SqliteTemplate
from regiohub.testing.world import open_world

from .browser import Browser
from .conftest import Desk

TOWN = IssuerSettings(
    issuer="https://login.potsdam.example/realms/stadt", tenants=("potsdam",), title="Stadt Potsdam",
    client_secret="town-secret",  # type: ignore[arg-type]
)  # fmt: skip


@pytest.fixture
async def desk(sqlite_template: SqliteTemplate, tmp_path: Path) -> AsyncIterator[Desk]:
    """A world with the built-in issuer and a town's own."""
    with sqlite_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data", issuers=(TOWN,)) as world:
            yield Desk(world)


async def test_with_several_issuers_people_choose(desk: Desk) -> None:
    browser = Browser(desk.world.client)
    page = await browser.get("/auth/login?next=/console/potsdam/")
    assert page.status_code == 200
    assert "Stadt Potsdam" in page.text
    assert "issuer=https%3A%2F%2Flogin.potsdam.example" in page.text
    assert "next=%2Fconsole%2Fpotsdam%2F" in page.text
    chosen = await browser.get(f"/auth/login?issuer={desk.issuer.issuer}&next=/console/account")
    assert "/auth/dev/authorize" in chosen.headers["location"]


async def test_unknown_issuer_is_refused(desk: Desk) -> None:
    assert (await Browser(desk.world.client).get("/auth/login?issuer=https://evil.example")).status_code == 404


async def test_issuer_without_a_secret_is_not_offered(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    bare = IssuerSettings(issuer="https://login.other.example")
    with sqlite_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data", issuers=(bare,)) as world:
            assert len(world.app.state.web.login.providers) == 1


async def test_installation_without_any_login_server_says_so(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    with sqlite_template.copy(tmp_path) as address:
        from regiohub.platform import Platform
        from regiohub.testing.databases import settings_for
        from regiohub.web.app import create_app

        settings = settings_for(address, tmp_path / "data").model_copy(update={"dev_issuer": False})
        platform = Platform(settings)
        await platform.start()
        try:
            import httpx

            app = create_app(platform)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000"
            ) as client:
                answer = await client.get("/auth/login", headers={"accept-language": "de"})
                for path in ("authorize", "token", "logout", "jwks.json", ".well-known/openid-configuration"):
                    assert (await client.get(f"/auth/dev/{path}")).status_code == 404
            assert answer.status_code == 503
            assert "kein Anmeldedienst eingerichtet" in answer.text
        finally:
            await platform.stop()


async def test_own_login_server_of_a_town_speaks_for_that_town_only(desk: Desk) -> None:
    town = desk.world.app.state.web.identity.issuers.find(TOWN.issuer)
    claims = desk.claims(
        issuer=TOWN.issuer,
        staff={"potsdam": frozenset({"editor"}), "berlin": frozenset({"tenant-admin"})},
        groups={"potsdam": frozenset({"/editors"}), "berlin": frozenset({"/tenant-admins"})},
        top_roles=frozenset({"regional-admin"}),
    )
    kept = confined(claims, town)
    assert kept.staff == {"potsdam": frozenset({"editor"})}
    assert kept.groups == {"potsdam": frozenset({"/editors"})}
    assert kept.top_roles == frozenset()
    assert confined(claims, replace(town, tenants=frozenset({"*"}), region=True)) == claims


async def test_session_of_a_towns_login_server_opens_no_other_town(desk: Desk) -> None:
    town = desk.world.app.state.web.identity.issuers.find(TOWN.issuer)
    long = desk.world.clock.now() + timedelta(hours=1)
    claims = desk.claims(issuer=TOWN.issuer, expires_at=long, top_roles=frozenset({"regional-admin"}))
    opened = await desk.sessions.open(claims=claims, issuer=town, tokens=Tokens("a"))
    browser = Browser(desk.world.client)
    browser.cookies["__Host-regiohub"] = opened.cookie
    assert (await browser.get("/console/account")).status_code == 200
    assert (await browser.get("/console/berlin/")).status_code == 403
    assert (await browser.get("/console/region/towns")).status_code == 403
