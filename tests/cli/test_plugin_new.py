"""A new plugin's project comes from the template, and what is refused is said in one clear sentence."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from regiohub.plugins import scaffold
from regiohub.plugins.scaffold import ScaffoldError, generate, template_folder

from .conftest import Shell

ROOT = Path(__file__).resolve().parents[2]
HOOK = """
import sys

if not "{{ cookiecutter.id }}".isidentifier():
    sys.stderr.write("ERROR: {{ cookiecutter.id }} is no word.\\n")
    sys.exit(1)
if "{{ cookiecutter.id }}" == "crash":
    raise RuntimeError("the hook broke")
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template with little in it."""
    folder = tmp_path / "template"
    (folder / "hooks").mkdir(parents=True)
    (folder / "{{cookiecutter.id}}").mkdir()
    questions = {
        "id": "places",
        "licence": ["EUPL-1.2", "MIT"],
        "table": True,
        "__upper": "{{ cookiecutter.id|upper }}",
    }
    (folder / "cookiecutter.json").write_text(json.dumps(questions), encoding="utf-8")
    (folder / "hooks" / "pre_gen_project.py").write_text(HOOK, encoding="utf-8")
    inside = "{{ cookiecutter.__upper }} {{ cookiecutter.licence }} {{ cookiecutter.table }}"
    (folder / "{{cookiecutter.id}}" / "facts.txt").write_text(inside, encoding="utf-8")
    return folder


def test_answers_given_are_taken_and_the_others_are_the_templates_own(template: Path, tmp_path: Path) -> None:
    made = generate(template, tmp_path / "out", {"id": "trees", "table": "no"}, ask=False)
    assert made == tmp_path / "out" / "trees"
    assert (made / "facts.txt").read_text() == "TREES EUPL-1.2 False"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"id": "two words"}, "two words is no word."),
        ({"id": "crash"}, "RuntimeError: the hook broke"),
        ({"licence": "free"}, "licence cannot be 'free'; possible: EUPL-1.2, MIT."),
        ({"colour": "red"}, "The template does not ask for colour."),
    ],
)
def test_a_refused_answer_is_one_sentence_and_leaves_nothing_behind(
    template: Path, tmp_path: Path, given: dict[str, str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ScaffoldError) as refused:
        generate(template, tmp_path / "out" / "below", given, ask=False)
    assert str(refused.value) == words
    assert [path.name for path in tmp_path.iterdir()] == ["template"]
    assert capfd.readouterr() == ("", "")


def test_a_folder_that_was_there_before_a_refusal_stays(template: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ScaffoldError, match="is no word"):
        generate(template, tmp_path / "out" / "below", {"id": "two words"}, ask=False)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_explained(empty: Shell) -> None:
    (empty.root / "file").write_text("mine")
    refused = empty.run("plugin", "new", "--no-input", "--output", "file/below")
    assert refused.code == 3
    assert f"Error: {Path('file', 'below')} cannot be used as a folder: " in refused.err
    assert (empty.root / "file").read_text() == "mine"


def test_a_folder_that_is_there_is_not_touched(template: Path, tmp_path: Path) -> None:
    kept = tmp_path / "out" / "places" / "mine.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    with pytest.raises(ScaffoldError, match=r"There is a folder already: .*places"):
        generate(template, tmp_path / "out", {}, ask=False)
    assert [path.name for path in kept.parent.iterdir()] == ["mine.txt"]


def test_a_persons_own_cookiecutter_configuration_changes_nothing_and_gets_nothing(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".cookiecutterrc").write_text("default_context:\n    id: other\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(home / ".cookiecutterrc"))
    assert generate(template, tmp_path / "out", {}, ask=False).name == "places"
    assert [path.name for path in home.iterdir()] == [".cookiecutterrc"]


def test_without_cookiecutter_it_says_what_to_install(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cookiecutter.generate", None)
    refused = empty.run("plugin", "new", "--no-input")
    assert refused.code == 3
    assert 'pip install "regiohub[author]"' in refused.err
    assert "Traceback" not in refused.err


def test_the_template_is_found_in_a_checkout_and_in_an_installed_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert template_folder() == ROOT / "templates" / "plugin"
    monkeypatch.setattr(scaffold, "_PLACES", (tmp_path / "_templates" / "plugin", tmp_path / "nowhere"))
    with pytest.raises(ScaffoldError, match="missing from this installation"):
        template_folder()
    (tmp_path / "_templates" / "plugin").mkdir(parents=True)
    (tmp_path / "_templates" / "plugin" / "cookiecutter.json").write_text("{}")
    assert template_folder() == tmp_path / "_templates" / "plugin"


def test_there_is_an_option_for_every_question_of_the_template(empty: Shell) -> None:
    questions = json.loads((template_folder() / "cookiecutter.json").read_text(encoding="utf-8"))
    answer = empty.run("plugin", "new", "--help")
    missing = [
        name
        for name in questions
        if not name.startswith("_") and f"--{name.replace('_', '-')} " not in answer.out.replace("/", " ")
    ]
    assert (answer.code, missing) == (0, [])


def test_the_command_makes_a_project_and_says_what_to_type_next(empty: Shell) -> None:
    made = empty.run("plugin", "new", "--no-input", "--id", "city_trees", "--title", "Stadtbäume", "--no-portal")
    assert made.code == 0, made.err
    folder = next(path for path in empty.root.iterdir() if path.name.startswith("regiohub"))
    commands = [line.strip() for line in made.out.splitlines() if line.startswith("  ")]
    assert commands == [f"cd {folder.name} && pip install -e .", "pytest", "regiohub plugin try"]
    assert 'city_trees = "regiohub_city_trees.plugin:plugin"' in (folder / "pyproject.toml").read_text()
    again = empty.run("plugin", "new", "--no-input", "--id", "city_trees")
    assert again.code == 3
    assert "There is a folder already" in again.err
    checked = empty.run("plugin", "check", folder.name, "--json")
    assert {one["rule"]: one["faults"] for one in checked.json["findings"] if one["state"] != "done"} == {}
    assert checked.code == 0


def test_an_input_that_ends_early_is_explained(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Bäume\n"))
    ended = empty.run("plugin", "new")
    assert ended.code == 3
    assert "The input ended before all questions were answered" in ended.err
    assert "--no-input" in ended.err


def test_answers_are_asked_for_and_those_given_are_offered(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Bäume\n" + "\n" * 20))
    asked = empty.run("plugin", "new", "--id", "bus_stops")
    assert asked.code == 0, asked.err
    assert "(bus_stops)" in asked.out
    assert "Bäume" in (empty.root / "regiohub-bus-stops" / "README.md").read_text(encoding="utf-8")


def test_an_id_that_cannot_be_one_is_refused_in_the_templates_words(empty: Shell) -> None:
    before = sorted(empty.root.iterdir())
    refused = empty.run("plugin", "new", "--no-input", "--id", "City-Trees", "--output", "new")
    assert refused.code == 3
    assert {path.name for path in set(empty.root.iterdir()) - set(before)} <= {"out.txt", "err.txt"}
    assert refused.err.startswith("Error: id: 'City-Trees' cannot be an id.")
    assert "Nothing was written." in refused.err
    assert "Traceback" not in refused.err + refused.out
