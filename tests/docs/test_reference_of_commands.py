"""Every command with every argument and option, and every setting, is documented."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from regiohub.cli import app
from regiohub.plugins.setting import words_of
from regiohub.settings import IssuerSettings, Settings
from regiohub_docs.reference import cli, settings
from regiohub_docs.reference.installation import plugins

COMMANDS = dict(cli.commands())


@pytest.fixture(scope="module")
def page() -> str:
    return cli.pages()["cli.md"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_shows_all_that_a_command_takes(name: str, page: str) -> None:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    for param in COMMANDS[name].params:
        assert param.help, f"{param.name} says nothing"
        shown = param.opts if param.param_type_name == "option" else [param.name.upper()]
        assert [one for one in shown if one not in found[1]] == []
    assert (COMMANDS[name].help or "").split("\n")[0].strip() in found[1].replace("&lt;", "<")


def test_what_the_help_lists_is_what_the_page_lists() -> None:
    """Groups as a user meets them, not as the generator walks them."""

    def listed(*path: str) -> set[str]:
        shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"})
        assert shown.exit_code == 0, shown.output
        commands = shown.output.partition("Commands")[2]
        return set(re.findall(r"^\W*\s([a-z][a-z-]*)\s{2,}", commands, re.MULTILINE))

    first = listed()
    assert first == {name.split()[1] for name in COMMANDS}
    for group in ("db", "plugin", "identity"):
        assert listed(group) == {name.split()[2] for name in COMMANDS if name.split()[1] == group}


def test_every_setting_of_the_platform_is_on_the_page() -> None:
    text = settings.pages()["settings.md"]
    grouped = [name for _, names in settings.platform_groups() for name in names]
    assert grouped == list(Settings.model_fields)
    for name, info in Settings.model_fields.items():
        assert info.description, f"{name} says nothing"
        assert f"| `{settings.environment_name(name)}` |" in text
    assert all(f"| `{name}` |" in text and info.description for name, info in IssuerSettings.model_fields.items())


def test_the_named_variable_sets_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.environment_name("mail_from"), "Rathaus <rathaus@example.org>")
    assert Settings(_env_file=None).mail_from == "Rathaus <rathaus@example.org>"  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("plugin", plugins(), ids=lambda plugin: plugin.id)
def test_every_setting_of_a_plugin_is_on_the_page_in_both_languages(plugin: settings.Plugin) -> None:
    text = settings.pages()["settings.md"]
    for name, info in plugin.settings.model_fields.items():
        words = words_of(info)
        assert words is not None
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        for part in (words.title.de, words.title.en, words.help.de, words.help.en):
            assert part.replace("|", "\\|").replace("<", "&lt;") in row
