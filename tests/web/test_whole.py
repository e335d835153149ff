"""The web application with every installed plugin, on both databases."""

import html
import re

from regiohub.testing import World

PAGES = ("/", "/region/", "/potsdam/", "/berlin/", "/potsdam/measures/modellvorhaben")


async def test_every_link_of_the_pages_leads_somewhere(world: World) -> None:
    seen: set[str] = set()
    for page in PAGES:
        answer = await world.client.get(page, headers={"Accept": "text/html"})
        assert answer.status_code == 200, page
        for link in re.findall(r'href="(/[^"#]*)', answer.text):
            seen.add(html.unescape(link))
    assert "/potsdam/graphql" in seen
    for link in sorted(seen):
        answer = await world.client.get(link, headers={"Accept": "text/html"})
        assert answer.status_code == 200, link


async def test_platform_is_ready_with_all_plugins_healthy(world: World) -> None:
    body = (await world.client.get("/readyz")).json()
    assert body == {
        "ok": True,
        "checks": [{"name": name, "ok": True, "reasons": []} for name in ("database", "migrations", "plugins", "disk")],
    }


async def test_metrics_show_tables_and_plugins(world: World) -> None:
    answer = await world.client.get("/metrics")
    assert answer.status_code == 200
    assert 'regiohub_table_rows{table="core_measure"}' in answer.text
    for plugin in world.platform.plugins.healthy:
        assert f'regiohub_plugin_hook_calls_total{{plugin="{plugin}"}}' in answer.text


async def test_town_page_takes_a_constant_number_of_statements(world: World) -> None:
    await world.client.get("/potsdam/")
    with world.statements() as first:
        await world.client.get("/potsdam/")
    for plugin in sorted(world.tenant("potsdam").enabled):
        await world.enable("potsdam", plugin, measure="modellvorhaben")
    with world.statements() as second:
        await world.client.get("/potsdam/")
    assert len(second) == len(first)


async def test_admin_of_bad_belzig_is_nobody_in_berlin_through_the_whole_platform(world: World) -> None:
    token = world.token("bad-belzig", roles=("tenant-admin",), regional_roles=("tenant-admin", "editor"))
    resolver = world.app.state.web.resolver
    at_home = await resolver.resolve(token, "bad-belzig")
    assert at_home.permissions == {permission.id for permission in world.platform.permissions("bad-belzig")}
    abroad = await resolver.resolve(token, "berlin")
    assert abroad.permissions == {p.id for p in world.platform.permissions("berlin") if "citizen" in p.roles}
