"""The contract as a pytest class."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from regiohub.testing.installations import Engine, Installations

from .case import Case, Fill, Person
from .exemptions import exemptions_of
from .filling import fill_tables
from .promise import Promise
from .promises import PROMISES

_SECONDS = 300
"""A plugin with many tables on a busy machine."""


def contract(
    plugin: str,
    *,
    fill: Fill | None = None,
    exempt: Mapping[str, str] | None = None,
    entries: tuple[EntryPoint, ...] | None = None,
    person: Person | None = None,
) -> type[Any]:
    """A test class with one test per promise and database.

    :param plugin: id of an installed plugin.
    :param fill: puts rows into every table of the plugin in one town; default: rows made from the models, which suits
        tables without rules of their own.
    :param exempt: promises that cannot hold, each with its reason; they are skipped with it. Those that the plugin's
        `pyproject.toml` names under `[tool.regiohub.exempt]` are known already.
    :param entries: the plugins to choose from; default: every installed one.
    :param person: puts one person's data into a town where declared columns do not lead (JSON values, files), for the
        promises about data on people; the rows of declared tables are marked without it.
    :raises ValueError: an exemption names no promise, or gives no reason.
    """
    unknown = sorted((exempt or {}).keys() - {promise.id for promise in PROMISES})
    if unknown:
        raise ValueError(f"exempt: there is no promise {', '.join(unknown)}")
    without = {**exemptions_of(plugin, entries), **(exempt or {})}
    if not all(reason.strip() for reason in without.values()):
        raise ValueError("exempt: give a reason for each")
    # Made once: what it puts into the tables is kept for the promises that follow.
    rows = fill or fill_tables(plugin)

    class Contract:
        # Explicit, so that it runs whichever mode of pytest-asyncio the plugin's author has chosen.
        pytestmark = [pytest.mark.asyncio, *([pytest.mark.timeout(_SECONDS)] if find_spec("pytest_timeout") else [])]

        @pytest.mark.parametrize(("promise", "engine"), _cases(without))
        async def test_the_plugin_keeps(
            self, promise: Promise, engine: Engine, installations: Installations, tmp_path: Path
        ) -> None:
            await promise.hold(Case(plugin, engine, installations, tmp_path, rows, entries, person))

    return Contract


def _cases(without: Mapping[str, str]) -> list[Any]:
    found: list[Any] = []
    for promise in PROMISES:
        skipped = [pytest.mark.skip(reason=without[promise.id])] if promise.id in without else []
        found.append(pytest.param(promise, "sqlite", marks=skipped, id=f"{promise.id}-sqlite"))
        if promise.engines:
            marks = [pytest.mark.postgresql, *skipped]
            found.append(pytest.param(promise, "postgresql", marks=marks, id=f"{promise.id}-postgresql"))
    return found
