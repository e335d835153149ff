"""What a step of the tutorial says happens: run in a process of its own, with the plugin as it is after that step.

The environment names a file with the questions of the page; see `test_steps.py`. A town like that of
`regiohub plugin try` answers them.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

from regiohub.demo.example import SLUG, example_town
from regiohub.tenancy.sync import apply_town
from regiohub.testing import World
from regiohub.testing.installations import Installations, Recipe
from regiohub.testing.services.web import served

CALLER = re.compile(r"# (?:as the (?P<region>region)|as (?:an? )?(?P<role>[\w-]+))\n")


async def _found_town(world: World, folder: Path) -> None:
    datasets = [offer.value.id for offer in world.platform.plugins.collect("register_datasets")]
    await apply_town(world.platform, example_town(folder, ["hotspots"], datasets))
    await world.platform.tenants.refresh()


async def test_the_page_says_what_happens(installations: Installations, tmp_path: Path) -> None:
    async with installations.open(Recipe.of("hotspots"), "sqlite", tmp_path, public_url="") as world:
        await _found_town(world, tmp_path / "tenants")
        for demo in world.platform.plugins.call("register_demo", None):
            for _ in range(2):
                await demo.value.load(world.scope(SLUG), tmp_path)
        async with served(world.app) as address:
            for question in _questions():
                if question["kind"] == "graphql":
                    await _ask(world, question)
                else:
                    await _run(address, question)


def _questions() -> list[dict[str, str]]:
    return json.loads(Path(os.environ["REGIOHUB_TUTORIAL_QUESTIONS"]).read_text(encoding="utf-8"))


async def _ask(world: World, question: dict[str, str]) -> None:
    caller = CALLER.match(question["asked"])
    where = "region" if caller and caller["region"] else SLUG
    role = caller["role"] if caller else None
    roles = [role] if role and role != "anybody" else []
    answer = await world.graphql(where, question["asked"], roles=roles, subject=None)
    body = {"data": answer.data} | ({"errors": answer.errors} if answer.errors else {})
    expected = json.loads(question["answer"])
    assert alike(expected, body if "data" in expected or "errors" in expected else answer.data), json.dumps(body)


async def _run(address: str, question: dict[str, str]) -> None:
    commands = question["asked"].replace("http://127.0.0.1:8000", address)
    # On the reader's machine no other plugin is installed.
    alone = os.environ | {"REGIOHUB_PLUGINS_ALLOWED": "hotspots"}
    process = await asyncio.create_subprocess_exec(
        "/bin/bash", "-c", commands, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=alone
    )
    printed = (await process.communicate())[0].decode()
    if question["answer"].lstrip().startswith("{"):
        assert alike(json.loads(question["answer"]), json.loads(printed)), printed
    else:
        pattern = re.escape(question["answer"].strip()).replace("…", ".*?")
        assert re.fullmatch(pattern, printed.strip(), re.DOTALL), printed


def alike(expected: Any, actual: Any) -> bool:
    """Equality in which `…` stands for any value."""
    if expected == "…":
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(alike(expected[name], actual[name]) for name in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(alike, expected, actual))
    return expected == actual
