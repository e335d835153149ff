"""Before an upgrade: which installed plugins fit the release of the core that is to come."""

from __future__ import annotations

from importlib.metadata import version

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from regiohub.cli.upgrade_examination import fit_of
from regiohub.plugins.loading import Record

from .conftest import Shell

NOW = Version(version("regiohub"))
NEXT = f"{NOW.major}.{NOW.minor + 1}.0"


def test_plugins_of_this_series_fit_its_next_patch(shell: Shell) -> None:
    answer = shell.run("doctor", "--for-version", f"{NOW.major}.{NOW.minor}.{NOW.micro + 1}", "--json")
    assert answer.code == 0
    found = [finding for finding in answer.json if finding["subject"] == "Plugin"]
    assert len(found) == 4
    assert {finding["level"] for finding in found} == {"ok"}


def test_a_plugin_that_does_not_fit_is_an_error_with_the_towns_that_would_lose_it(shell: Shell) -> None:
    answer = shell.run("doctor", "--for-version", NEXT)
    assert answer.code == 1
    assert "✗ Plugin: booking" in answer.out
    assert "bad-belzig, potsdam would lose it" in answer.out
    assert "newer release of regiohub-booking" in answer.out


def test_a_plugin_that_may_not_be_loaded_holds_nobody_up(shell: Shell) -> None:
    answer = shell.run("doctor", "--for-version", NEXT, "--json", REGIOHUB_PLUGINS_ALLOWED="none")
    assert answer.code == 0
    assert {finding["level"] for finding in answer.json} == {"note"}


def test_it_answers_without_a_database(empty: Shell) -> None:
    answer = empty.run("doctor", "--for-version", NEXT)
    assert answer.code == 1
    assert "Which towns would lose a plugin is not known" in answer.out
    assert "✗ Plugin: atlas" in answer.out


def test_what_is_no_version_is_said(empty: Shell) -> None:
    answer = empty.run("doctor", "--for-version", "newest")
    assert answer.code == 3
    assert "'newest' is no version" in answer.err


def test_the_list_of_plugins_shows_the_releases_of_the_core_that_each_is_for(shell: Shell) -> None:
    ranges = {plugin["id"]: plugin["core"] for plugin in shell.run("plugin", "list", "--json").json}
    assert ranges["atlas"].startswith(f">={NOW.major}.{NOW.minor}")
    assert "FOR CORE" in shell.run("plugin", "list").out


def test_a_plugin_without_an_upper_bound_promises_nothing() -> None:
    record = Record("places", "regiohub-places", "1.0", allowed=True, core=SpecifierSet(">=0.1"))
    finding = fit_of(record, Version(NEXT), ())
    assert finding.level == "warning"
    assert "names no newest release" in finding.text
