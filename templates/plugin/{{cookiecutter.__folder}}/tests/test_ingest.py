"""Reports over HTTP: who may send them, what is answered."""

import httpx
import pytest
from regiohub.testing import World
from regiohub.testing import Capture
from regiohub.testing import WebhookSender
from regiohub_{{ cookiecutter.id }}.events import Reported
{% if cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.service import editing
{% endif %}

KEY = "a-key-of-the-door-contacts"
REPORT = {"place": "wc", "open": True}


@pytest.fixture
async def town(world: World) -> World:
    """Potsdam with a key{% if cookiecutter.table %}, and a place that is reported about{% endif %}."""
    await set_key(world, KEY)
{% if cookiecutter.table %}
    async with world.scope("potsdam").write() as ctx:
        await editing.create(ctx, {"name": "WC", "external_id": "wc"})
{% endif %}
    return world


async def set_key(world: World, key: str) -> None:
    values = {"ingest_key": key}
    document = """mutation($values: JSON!) { changePluginSettings(plugin: "{{ cookiecutter.id }}", values: $values) {
      errors { code message } } }"""
    answer = await world.graphql("potsdam", document, {"values": values}, roles=("tenant-admin",))
    assert answer.data["changePluginSettings"]["errors"] == []


def refused(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["code"] == code


async def test_a_report_is_stored_when_it_is_acknowledged(
    town: World, webhook_sender: WebhookSender, captured: Capture
) -> None:
    response = await webhook_sender.post("potsdam", "{{ cookiecutter.id }}/reports", REPORT, bearer=KEY)
    assert (response.status_code, response.json()) == (202, REPORT)
    assert [(told.place, told.open) for told in await captured.facts(Reported)] == [("wc", True)]


async def test_without_the_right_key_nothing_is_taken(
    town: World, webhook_sender: WebhookSender, captured: Capture
) -> None:
    for key in (None, "wrong", KEY[:-1], town.token("potsdam", roles=("editor",))):
        refused(await webhook_sender.post("potsdam", "{{ cookiecutter.id }}/reports", REPORT, bearer=key), 401, "WRONG_KEY")
    basic = await webhook_sender.post("potsdam", "{{ cookiecutter.id }}/reports", REPORT, basic=("any", KEY))
    refused(basic, 401, "WRONG_KEY")
    assert await captured.events() == []


async def test_a_town_without_a_key_takes_nothing(town: World, webhook_sender: WebhookSender) -> None:
    refused(await webhook_sender.post("bad-belzig", "{{ cookiecutter.id }}/reports", REPORT, bearer=KEY), 401, "WRONG_KEY")
    refused(await webhook_sender.post("bad-belzig", "{{ cookiecutter.id }}/reports", REPORT, bearer=""), 401, "WRONG_KEY")
    assert (await webhook_sender.post("berlin", "{{ cookiecutter.id }}/reports", REPORT, bearer=KEY)).status_code == 404


async def test_a_body_that_is_broken_or_too_large_is_refused(town: World, webhook_sender: WebhookSender) -> None:
    broken = await webhook_sender.post("potsdam", "{{ cookiecutter.id }}/reports", b"{", bearer=KEY)
    refused(broken, 422, "INVALID_INPUT")
    large = await webhook_sender.post("potsdam", "{{ cookiecutter.id }}/reports", b" " * 10_001, bearer=KEY)
    refused(large, 413, "REPORT_TOO_LARGE")
{% if cookiecutter.table %}


async def test_an_unknown_place_is_told(town: World, webhook_sender: WebhookSender) -> None:
    response = await webhook_sender.post("potsdam", "{{ cookiecutter.id }}/reports", REPORT | {"place": "nowhere"}, bearer=KEY)
    refused(response, 404, "NOT_FOUND")
{% endif %}
