"""`register_lock_adapters`, a hook of booking: kinds of locks that other plugins bring."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from regiohub.testing.installations import Installations, Recipe

KEYS = EntryPoint("keys", "regiohub_keys.plugin:plugin", "regiohub.plugins")
PLACE = """mutation { createPlace(input: { slug: "haus", name: "Haus", address: "Markt 1" }) {
  place { id } errors { message } } }"""
ROOM = """mutation ($place: ID!) { createResource(input: { slug: "saal", name: "Saal", kind: ROOM, placeId: $place }) {
  resource { id } errors { message } } }"""
LOCK = """mutation ($id: ID!) { updateResource(input: { id: $id, lockAdapter: "padlock", lockDoors: ["front"] }) {
  resource { lockAdapter } errors { message field } } }"""


async def test_register_lock_adapters_brings_a_lock_only_where_its_plugin_is_on(
    package: None, installations: Installations, tmp_path: Path
) -> None:
    (booking,) = entry_points(group="regiohub.plugins", name="booking")
    recipe = Recipe.of("keys", entries=(booking, KEYS))
    async with installations.open(recipe, "sqlite", tmp_path) as world:
        editor = world.caller("potsdam", roles=("editor",))
        place = (await editor.mutate(PLACE))["place"]["id"]
        room = (await editor.mutate(ROOM, place=place))["resource"]["id"]
        assert (await editor.mutate(LOCK, id=room))["resource"] == {"lockAdapter": "padlock"}
        await world.disable("potsdam", "keys")
        refused = await editor.ask(LOCK, id=room)
        (error,) = refused.data["updateResource"]["errors"]
        assert error["field"] == "lockAdapter"
        assert "padlock" not in error["message"]
