"""The tutorial, step by step: after each one its code is a plugin that does what the page says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..guides.pages import DOCS, ROOT, Project, asked, blocks  # noqa: TID252 - the folder beside this one
from .step import alike

STEPS = sorted((DOCS / "tutorial").glob("[0-9]-*.md"))
STEP = Path(__file__).with_name("step.py")


def build(folder: Path, number: int) -> tuple[Project, dict[str, str]]:
    """The plugin after so many steps, and the environment in which it is installed."""
    project = Project(folder / "regiohub-hotspots")
    for page in STEPS[:number]:
        project.write(blocks(page.read_text(encoding="utf-8")))
    project.install(folder / "site")
    paths = [str(folder / "site"), str(project.folder / "src")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGIOHUB_", "PYTEST_"))}
    path = f"{Path(sys.executable).parent}:{kept.get('PATH', '')}"
    return project, kept | {"PYTHONPATH": os.pathsep.join(paths), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def questions(page: Path) -> list[dict[str, str]]:
    """What the page asks and runs, each with the answer that it promises, in its order."""
    found = blocks(page.read_text(encoding="utf-8"))
    pairs = {
        question: {"kind": kind, "asked": question, "answer": answer}
        for kind, answered in (("graphql", "json"), ("sh", "json"), ("sh", "text"))
        for question, answer in asked(found, kind, answered)
    }
    return [pairs[block.content] for block in found if block.content in pairs]


def pytest_of(project: Project, environment: dict[str, str], *arguments: str) -> str:
    """Run pytest in the plugin's folder, as its author does; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not postgresql", *arguments],
        cwd=project.folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(1, len(STEPS) + 1), ids=[page.stem for page in STEPS])
def test_after_each_step_the_plugin_does_what_the_page_says(tmp_path: Path, number: int) -> None:
    project, environment = build(tmp_path, number)
    asked_for = tmp_path / "questions.json"
    asked_for.write_text(json.dumps(questions(STEPS[number - 1])))
    environment["REGIOHUB_TUTORIAL_QUESTIONS"] = str(asked_for)
    shown = {block.file for block in blocks(STEPS[number - 1].read_text(encoding="utf-8")) if block.file}
    # What earlier pages show is tried again at the end, with all the rest.
    tests = ["tests"] if number == len(STEPS) else sorted(name for name in shown if name.startswith("tests/"))
    pytest_of(project, environment, *tests, str(STEP))


def test_a_page_that_promises_something_else_is_noticed() -> None:
    assert alike({"a": [{"day": "…"}, 2]}, {"a": [{"day": "2026-06-01"}, 2]})
    for promised, answered in (({"a": 1}, {"a": 2}), ([1], [1, 2]), ({"a": 1}, {"a": 1, "b": 2}), ({"a": "…"}, {})):
        assert not alike(promised, answered)


def test_every_query_of_a_page_has_an_answer_that_is_compared() -> None:
    for page in STEPS:
        found = blocks(page.read_text(encoding="utf-8"))
        compared = {question["asked"] for question in questions(page)}
        assert [block.content for block in found if block.language == "graphql" and block.content not in compared] == []


def test_there_are_eight_steps_and_each_shows_where_the_reader_stands() -> None:
    assert [page.name[0] for page in STEPS] == list("12345678")
    assert ROOT.joinpath("docs/tutorial/README.md").exists()
    for page in STEPS:
        assert "## What you have now" in page.read_text(encoding="utf-8"), page.name
