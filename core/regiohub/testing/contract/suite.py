"""The contract as a pytest class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from regiohub.plugins.host import PluginHost
from regiohub.plugins.rules import RULES, Rule, State, Verdict, project_of, static_rules
from regiohub.plugins.rules.reading import exemptions, read_pyproject
from regiohub.testing.installations import Engine, Installations

from .case import Arguments, Case, Fill, Person
from .counting import ROWS_FILLED
from .filling import fill_tables
from .ground import hold, refuse_unusable
from .promise import Breach, Promise
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
    seeds: Path | None = None,
    arguments: Arguments | None = None,
    open_routes: Mapping[str, str] | None = None,
) -> type[Any]:
    """A test class with one test per promise and database, and one per rule of `regiohub plugin check`.

    :param plugin: id of an installed plugin.
    :param fill: puts rows into every table of the plugin in one town; default: rows made from the models, which suits
        tables without rules of their own.
    :param exempt: promises that cannot hold, each with its reason; they are skipped with it. Those that the plugin's
        `pyproject.toml` names under `[tool.regiohub.exempt]` are known already.
    :param entries: the plugins to choose from; default: every installed one.
    :param person: puts one person's data into a town where declared columns do not lead (JSON values, files), for the
        promises about data on people; the rows of declared tables are marked without it.
    :param seeds: a folder with one folder per town, for demo content that stands there.
    :param arguments: of GraphQL operations that invented arguments do not get anywhere with, by the operation's name
        (`"clearBenches"`, `"benches.bench"`); what is not given is invented. Or a function that finds them in a town.
    :param open_routes: routes through which anybody may change rows, each with the reason, by method and path below the
        plugin's own (`{"POST /suggestions": "residents propose places"}`); `writes-refused` leaves them out.
    :raises ValueError: an exemption names no promise, or gives no reason; an open route is given none.
    """
    unknown = sorted((exempt or {}).keys() - {promise.id for promise in PROMISES})
    if unknown:
        raise ValueError(f"exempt: there is no promise {', '.join(unknown)}")
    root = project_of(plugin) if entries is None else None
    without = {**(exemptions(read_pyproject(root)) if root else {}), **(exempt or {})}
    if not all(reason.strip() for reason in without.values()):
        raise ValueError("exempt: give a reason for each")
    if not all(reason.strip() for reason in (open_routes or {}).values()):
        raise ValueError("open_routes: give a reason for each")
    # Made once: what it puts into the tables is kept for the promises that follow.
    rows = fill or fill_tables(plugin)

    class Contract:
        @pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.needs_root], ids=lambda rule: rule.id)
        def test_the_plugin_follows(self, rule: Rule) -> None:
            __tracebackhide__ = True
            refuse_unusable(plugin, entries)
            verdict = next(found for found in _verdicts(plugin, entries) if found.rule.id == rule.id)
            if verdict.state is State.EXEMPT:
                pytest.skip(str(verdict.reason))
            if verdict.state is State.TODO:
                raise Breach(rule, verdict.faults)

        # Explicit, so that it runs whichever mode of pytest-asyncio the plugin's author has chosen.
        @pytest.mark.asyncio
        @pytest.mark.parametrize(("promise", "engine"), _cases(without))
        async def test_the_plugin_keeps(
            self, promise: Promise, engine: Engine, installations: Installations, tmp_path: Path
        ) -> None:
            # pytest shows the breach, not the way to it.
            __tracebackhide__ = True
            refuse_unusable(plugin, entries)
            case = Case(
                plugin, engine, installations, tmp_path, rows, entries, person, seeds, arguments, open_routes or {},
                ROWS_FILLED.id not in without,
            )  # fmt: skip
            await hold(promise, case)

    if find_spec("pytest_timeout"):
        Contract.test_the_plugin_keeps = pytest.mark.timeout(_SECONDS)(Contract.test_the_plugin_keeps)
    return Contract


@cache
def _verdicts(plugin: str, entries: tuple[EntryPoint, ...] | None) -> Sequence[Verdict]:
    """Of all rules: they read the same files."""
    return static_rules(PluginHost(entries).healthy[plugin])


def _cases(without: Mapping[str, str]) -> list[Any]:
    found: list[Any] = []
    for promise in PROMISES:
        skipped = [pytest.mark.skip(reason=without[promise.id])] if promise.id in without else []
        found.append(pytest.param(promise, "sqlite", marks=skipped, id=f"{promise.id}-sqlite"))
        if promise.engines:
            marks = [pytest.mark.postgresql, *skipped]
            found.append(pytest.param(promise, "postgresql", marks=marks, id=f"{promise.id}-postgresql"))
    return found
