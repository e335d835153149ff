"""Settings of plugins: defaults, then the file, then the console; secrets go in and never come out."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from regiohub.audit import list_entries
from regiohub.errors import Forbidden, InvalidInput, NotFound
from regiohub.plugins.manifest import PluginSettings
from regiohub.tenancy.models import Origin, PluginSetting
from regiohub.tenancy.plugin_settings.fields import fitting
from regiohub.tenancy.plugin_settings.sealing import Unreadable, opened, stored
from regiohub.tenancy.plugin_settings.service import SettingSource, change_settings, reset_settings, settings_view
from regiohub.tenancy.registry import TenantRegistry
from regiohub.testing import World


async def rows(world: World, plugin: str) -> dict[Origin, dict[str, Any]]:
    async with world.scope("potsdam").read() as ctx:
        found = await ctx.session.scalars(sa.select(PluginSetting).where(PluginSetting.plugin == plugin))
        return {row.origin: row.values for row in found}


async def in_file(world: World, plugin: str, values: dict[str, Any]) -> None:
    async with world.scope("potsdam").write() as ctx:
        ctx.session.add(PluginSetting(plugin=plugin, origin=Origin.FILE, values=values))
        await ctx.session.flush()
        await ctx.town_changed()


async def change(world: World, plugin: str, **values: Any) -> list[str]:
    return await world.scope("potsdam").run(lambda ctx: change_settings(ctx, plugin, values))


async def sources(world: World, plugin: str) -> dict[str, SettingSource]:
    async with world.scope("potsdam").read() as ctx:
        return {view.field.name: view.source for view in await settings_view(ctx, plugin)}


def model(world: World, plugin: str) -> Any:
    return world.platform.plugins.healthy[plugin].settings


def now(world: World, plugin: str) -> Any:
    return world.platform.settings_of(world.tenant("potsdam"), model(world, plugin))


async def test_a_change_holds_at_once_and_only_it_is_stored(world: World) -> None:
    assert await change(world, "booking", hold_minutes=25, series_dates=60) == ["hold_minutes"]
    assert now(world, "booking").hold_minutes == 25
    assert await rows(world, "booking") == {Origin.LOCAL: {"hold_minutes": 25}}
    assert world.platform.settings_of(world.tenant("bad-belzig"), model(world, "booking")).hold_minutes == 10


async def test_the_console_wins_over_the_file_and_a_reset_gives_the_file_back(world: World) -> None:
    await in_file(world, "booking", {"hold_minutes": 20, "series_dates": 10})
    await change(world, "booking", hold_minutes=30)
    found = await sources(world, "booking")
    assert (found["hold_minutes"], found["series_dates"], found["retention_days"]) == (
        SettingSource.CONSOLE, SettingSource.FILE, SettingSource.DEFAULT,
    )  # fmt: skip
    await world.scope("potsdam").run(lambda ctx: reset_settings(ctx, "booking", ["hold_minutes"]))
    assert now(world, "booking").hold_minutes == 20
    assert await rows(world, "booking") == {Origin.FILE: {"hold_minutes": 20, "series_dates": 10}}


async def test_a_value_equal_to_the_inherited_one_is_not_kept(world_sqlite: World) -> None:
    await change(world_sqlite, "booking", hold_minutes=30)
    await change(world_sqlite, "booking", hold_minutes=10)
    assert await rows(world_sqlite, "booking") == {}


async def test_another_process_sees_the_change(world: World) -> None:
    other = TenantRegistry(world.platform.database, world.platform.plugins)
    await other.refresh()
    await change(world, "atlas", map_limit=100)
    assert await other.refresh()
    town = other.get("potsdam")
    assert town is not None
    assert town.settings["atlas"] == {"map_limit": 100}


async def test_a_secret_is_sealed_at_rest_and_readable_for_the_plugin_only(world: World) -> None:
    await change(world, "lorawan", mqtt_password="Geheim-123", mqtt_host="broker.example")
    kept = json.dumps((await rows(world, "lorawan"))[Origin.LOCAL])
    assert "Geheim" not in kept
    assert now(world, "lorawan").mqtt_password == SecretStr("Geheim-123")
    async with world.scope("potsdam").read() as ctx:
        views = {view.field.name: view for view in await settings_view(ctx, "lorawan")}
        (entry, *_) = await list_entries(ctx)
    secret = views["mqtt_password"]
    assert (secret.value, secret.inherited, secret.is_set, secret.source) == (None, None, True, SettingSource.CONSOLE)
    assert entry.before == {"mqtt_host": None, "mqtt_password": None}
    assert entry.after == {"mqtt_host": "broker.example", "mqtt_password": "•••"}
    assert "Geheim" not in entry.text_de


async def test_a_stored_secret_is_not_sent_elsewhere_by_somebody_who_does_not_know_it(world_sqlite: World) -> None:
    await change(world_sqlite, "lorawan", mqtt_password="Geheim-123", mqtt_host="broker.example")
    for moved in ({"mqtt_host": "broker.elsewhere.example"}, {"mqtt_port": 1883}, {"mqtt_security": "plain"}):
        with pytest.raises(InvalidInput) as refused:
            await change(world_sqlite, "lorawan", **moved)
        assert refused.value.field == "mqtt_password"
    await change(world_sqlite, "lorawan", mqtt_host="broker.elsewhere.example", mqtt_password="Geheim-456")
    assert now(world_sqlite, "lorawan").mqtt_host == "broker.elsewhere.example"
    await change(world_sqlite, "lorawan", mqtt_username="sensoren")


async def test_the_same_secret_again_is_no_change(world_sqlite: World) -> None:
    await change(world_sqlite, "lorawan", mqtt_password="Geheim-123")
    assert await change(world_sqlite, "lorawan", mqtt_password="Geheim-123") == []


async def test_a_secret_that_cannot_be_read_any_more_counts_as_not_set(world_sqlite: World) -> None:
    await change(world_sqlite, "lorawan", mqtt_password="Geheim-123", mqtt_host="broker.example")
    async with world_sqlite.scope("potsdam").write() as ctx:
        row = await ctx.session.scalar(sa.select(PluginSetting).where(PluginSetting.plugin == "lorawan"))
        assert row is not None
        # As after a change of the platform's key: the text cannot be opened with this one.
        row.values = {**row.values, "mqtt_password": stored(b"k" * 32, "lorawan.mqtt_password", SecretStr("x"))}
        await ctx.session.flush()
        await ctx.town_changed()
    assert (now(world_sqlite, "lorawan").mqtt_password, now(world_sqlite, "lorawan").mqtt_host) == (
        None, "broker.example",
    )  # fmt: skip
    async with world_sqlite.scope("potsdam").read() as ctx:
        views = {view.field.name: view for view in await settings_view(ctx, "lorawan")}
    assert not views["mqtt_password"].is_set


def test_a_sealed_secret_opens_nothing_elsewhere() -> None:
    sealed = stored(b"k" * 32, "lorawan.mqtt_password", [SecretStr("x"), {"inner": SecretStr("y")}])
    assert opened(b"k" * 32, "lorawan.mqtt_password", sealed) == ["x", {"inner": "y"}]
    for key, belongs_to in ((b"k" * 32, "lorawan.other"), (b"q" * 32, "lorawan.mqtt_password")):
        with pytest.raises(Unreadable):
            opened(key, belongs_to, sealed)


@pytest.mark.parametrize(
    ("plugin", "values", "field"),
    [
        ("booking", {"hold_minutes": 0}, "hold_minutes"),
        ("booking", {"hold_minutes": "many"}, "hold_minutes"),
        ("booking", {"moon": 1}, "moon"),
        ("lorawan", {"mqtt_security": "loud"}, "mqtt_security"),
        ("health_directory", {"additional_holidays": ["31. Mai"]}, "additional_holidays.0"),
    ],
)
async def test_what_the_plugin_refuses_is_refused_at_its_field_and_nothing_is_stored(
    world_sqlite: World, plugin: str, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await change(world_sqlite, plugin, **values)
    assert refused.value.field == field
    assert await rows(world_sqlite, plugin) == {}


async def test_a_refused_secret_is_not_quoted(world_sqlite: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        await change(world_sqlite, "lorawan", mqtt_password=["Geheim-123"])
    words = refused.value.message
    assert "Geheim" not in f"{words.de} {words.en} {refused.value.details}"


def test_stored_values_that_no_longer_fit_are_left_out_one_by_one() -> None:
    class Model(PluginSettings):
        low: int = 1
        high: int = 9

    found, left_out = fitting(Model, {"low": 3, "high": "x", "gone": 1})
    assert (found.low, found.high, left_out) == (3, 9, {"high", "gone"})


async def test_only_those_who_may_change_settings_see_them(world_sqlite: World) -> None:
    for roles in ((), ("editor",), ("auditor",)):
        scope = world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=roles))
        async with scope.read() as ctx:
            with pytest.raises(Forbidden):
                await settings_view(ctx, "booking")
        with pytest.raises(Forbidden):
            await scope.run(lambda ctx: change_settings(ctx, "booking", {"hold_minutes": 5}))
        with pytest.raises(Forbidden):
            await scope.run(lambda ctx: reset_settings(ctx, "booking", ["hold_minutes"]))


async def test_a_plugin_that_is_not_there_has_no_settings(world_sqlite: World) -> None:
    with pytest.raises(NotFound):
        await change(world_sqlite, "moon", glow=1)


SETTINGS = """{ pluginSettings(plugin: "lorawan") { name title help secret value isSet source inherited schema } }"""


async def test_settings_over_graphql_with_words_and_origin_and_without_secrets(world: World) -> None:
    document = """mutation ($values: JSON!) { changePluginSettings(plugin: "lorawan", values: $values) {
        settings { name value isSet source } errors { code field message } } }"""
    values = {"mqtt_port": 1883, "mqtt_password": "Geheim-123"}
    done = await world.graphql("potsdam", document, {"values": values}, roles=["tenant-admin"])
    assert done.errors == []
    assert done.data["changePluginSettings"]["errors"] == []
    assert "Geheim" not in json.dumps(done.data)
    found = (await world.graphql("potsdam", SETTINGS, roles=["tenant-admin"])).data["pluginSettings"]
    by_name = {entry["name"]: entry for entry in found}
    port, secret = by_name["mqtt_port"], by_name["mqtt_password"]
    assert (port["value"], port["source"], port["inherited"], port["title"]) == (1883, "CONSOLE", 8883, "MQTT: port")
    assert (port["schema"]["minimum"], port["schema"]["maximum"]) == (1, 65535)
    assert (secret["value"], secret["isSet"], secret["secret"]) == (None, True, True)
    wrong = await world.graphql("potsdam", document, {"values": {"mqtt_port": 0}}, roles=["tenant-admin"])
    assert [error["field"] for error in wrong.data["changePluginSettings"]["errors"]] == ["mqtt_port"]
    undone = await world.graphql(
        "potsdam",
        'mutation { resetPluginSettings(plugin: "lorawan", names: ["mqtt_port"]) { settings { name value source } } }',
        roles=["tenant-admin"],
    )
    entries = undone.data["resetPluginSettings"]["settings"]
    assert {"name": "mqtt_port", "value": 8883, "source": "DEFAULT"} in entries
    assert (await world.graphql("potsdam", SETTINGS, roles=["editor"])).codes == ["FORBIDDEN"]
