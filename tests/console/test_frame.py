"""The frame of the console: sign-in, rights, towns, language, forged requests."""

from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request

from regiohub.auth.login.operation import end_sessions
from regiohub.console.dependencies import town_page
from regiohub.console.page import Page
from regiohub.testing import World
from regiohub.testing.console import text_of
from regiohub.web.request import TENANT


async def test_without_a_session_a_page_leads_to_the_sign_in_and_back(world: World) -> None:
    answer = await world.client.get("/console/account?x=2", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/auth/login?next=%2Fconsole%2Faccount%3Fx%3D2"


async def test_staff_of_one_town_start_in_their_town(world: World) -> None:
    client = await world.console("potsdam", roles=["editor"])
    answer = await client.get("/console/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/potsdam/")


async def test_regional_staff_start_at_the_region(world: World) -> None:
    client = await world.console(None, regional=["regional-admin"])
    assert (await client.get("/console/")).headers["location"] == "/console/region/towns"


async def test_a_person_without_a_town_is_told_so(world: World) -> None:
    client = await world.console("potsdam")
    page = await client.get("/console/")
    assert page.status_code == 200
    assert "gehören aber zu keiner Kommune" in text_of(page)


async def test_an_unknown_town_is_not_found(world: World) -> None:
    client = await world.console("potsdam", roles=["editor"])
    assert (await client.get("/console/potsdamm/")).status_code == 404


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        (("potsdam", "lorawan", "devices/1?stream=2"), "/console/potsdam/lorawan/devices/1?stream=2"),
        (("potsdam", "audit", "?audit.page=2"), "/console/potsdam/audit?audit.page=2"),
        (("potsdam", "a b", "ü"), "/console/potsdam/a%20b/%C3%BC"),
        ((), "/console/"),
    ],
)
def test_addresses_keep_their_query_and_quote_the_rest(parts: tuple[str, ...], address: str) -> None:
    assert Page.console_url(*parts) == address


async def test_logs_and_metrics_name_the_whole_address_of_a_page(world_sqlite: World) -> None:
    client = await world_sqlite.console(None, regional=["regional-auditor"])
    await client.get("towns")
    metrics = (await world_sqlite.client.get("/metrics")).text
    assert 'route="/console/region/towns"' in metrics


async def test_a_live_page_ends_with_the_rights_of_its_reader(world_sqlite: World) -> None:
    world = world_sqlite
    client = await world.console("potsdam", roles=["editor"])
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookie.items()).encode()
    scope = {
        "type": "http", "method": "GET", "path": "/console/potsdam/", "query_string": b"", "app": world.app,
        "headers": [(b"cookie", cookie)], TENANT: world.tenant("potsdam"),
    }  # fmt: skip
    async with asynccontextmanager(town_page)(Request(scope)) as page:
        assert await page.is_still_allowed()
        await world.disable("potsdam", "lorawan")
        assert not await page.is_still_allowed()
        await world.enable("potsdam", "lorawan")
        assert await page.is_still_allowed()
        await end_sessions(world.platform, None)
        assert not await page.is_still_allowed()
