"""Routes of plugins: there while the plugin is on, gone at once when it is off, in units of work that hold."""

import pytest
import sqlalchemy as sa

from regiohub.tenancy.models import PluginSetting
from regiohub.tenancy.switches import switch

from .conftest import MakeSite, Site


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
async def test_off_means_404_for_every_method(site: Site, method: str) -> None:
    for path in ("/berlin/probe/", "/berlin/probe/items", "/berlin/probe/items/1", "/berlin/probe/nothing"):
        answer = await site.client.request(method, path, content=b"{not json")
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_switching_counts_with_the_next_request(site: Site) -> None:
    berlin = site.platform.tenants.get("berlin")
    assert berlin is not None
    after = await switch(site.platform, berlin, "probe", on=True)
    assert (await site.get("/berlin/probe/")).status_code == 200
    await switch(site.platform, after, "probe", on=False)
    assert (await site.get("/berlin/probe/")).status_code == 404
    assert (await site.get("/potsdam/probe/")).status_code == 200


async def test_plugin_that_takes_a_taken_prefix_goes_into_quarantine(make_site: MakeSite) -> None:
    site = await make_site("probe", "rival")
    faults = {record.id: record.fault for record in site.platform.plugins.records if record.fault}
    assert list(faults) == ["rival"]
    assert "probe and" in str(faults["rival"]) or "rival and probe" in str(faults["rival"])
    assert (await site.get("/potsdam/probe/")).status_code == 200
    assert (await site.get("/readyz")).json()["ok"] is True


async def test_unit_of_work_knows_town_caller_and_language(site: Site) -> None:
    headers = site.auth("potsdam", ["editor"], subject="anna") | {"Accept-Language": "en-GB,de;q=0.5"}
    body = (await site.get("/potsdam/probe/", headers=headers)).json()
    assert (body["tenant"], body["locale"], body["path"]) == ("potsdam", "en", "/potsdam/probe/")
    assert (body["kind"], body["subject"], body["can"]) == ("person", "anna", True)


async def test_editor_of_potsdam_is_a_citizen_in_bad_belzig(site: Site) -> None:
    body = (await site.get("/bad-belzig/probe/", headers=site.auth("potsdam", ["editor"]))).json()
    assert (body["kind"], body["can"]) == ("person", False)


async def test_scope_refuses_without_the_right_and_says_whether_to_sign_in(site: Site) -> None:
    assert (await site.get("/potsdam/probe/scope")).status_code == 401
    assert (await site.get("/potsdam/probe/scope", headers=site.auth("berlin", ["editor"]))).status_code == 403
    assert (await site.get("/potsdam/probe/scope", headers=site.auth("potsdam", ["editor"]))).status_code == 200


async def stored(site: Site) -> set[str]:
    town = site.platform.tenants.get("potsdam")
    assert town is not None
    async with site.platform.scope(town).read() as ctx:
        return set(await ctx.session.scalars(sa.select(PluginSetting.plugin)))


async def test_write_is_committed_before_the_answer_goes_out(site: Site) -> None:
    seen: list[set[str]] = []

    async def app(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
        async def watched(message: dict) -> None:  # type: ignore[type-arg]
            if message["type"] == "http.response.start":
                seen.append(await stored(site))
            await send(message)  # type: ignore[operator]

        await site.app(scope, receive, watched)  # type: ignore[arg-type]

    site.client._transport.app = app  # type: ignore[attr-defined]
    assert (await site.client.post("/potsdam/probe/written/one")).status_code == 200
    assert seen
    assert "one" in seen[0]


async def test_failed_write_leaves_nothing_and_says_what_was_wrong(site: Site) -> None:
    answer = await site.client.post("/potsdam/probe/written/two?fail=true", headers={"Accept-Language": "en"})
    body = answer.json()
    assert (answer.status_code, body["code"], body["field"]) == (409, "TAKEN", "starts_at")
    assert (body["detail"], body["until"]) == ("Taken until twelve.", "12:00")
    assert "two" not in await stored(site)
