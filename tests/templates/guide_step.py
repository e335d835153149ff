"""The questions of a page, asked in a process of their own: the environment has the page's plugin and nothing else."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from regiohub.testing import World

CALLER = re.compile(r"# as an? ([\w-]+)\n")
QUESTIONS = json.loads(Path(os.environ["GUIDE_QUESTIONS"]).read_text(encoding="utf-8"))


async def test_the_page_says_what_happens(world_sqlite: World, tmp_path: Path) -> None:
    for demo in world_sqlite.platform.plugins.call("register_demo", None):
        await demo.value.load(world_sqlite.scope("potsdam"), tmp_path)
    for question, expected in QUESTIONS:
        caller = CALLER.match(question)
        answer = await world_sqlite.graphql("potsdam", question, roles=[caller[1]] if caller else [])
        assert answer.errors == []
        assert alike(json.loads(expected), answer.data), answer.data


def alike(expected: Any, actual: Any) -> bool:
    """Equality in which `…` stands for any value."""
    if expected == "…":
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(alike(expected[name], actual[name]) for name in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(alike, expected, actual))
    return expected == actual
