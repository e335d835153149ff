"""An author tries a plugin outside of any checkout: one command, and its field answers in the example town."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

import httpx
import pytest

from regiohub.cli.plugin_try import DATABASE, MARKER
from regiohub.plugins import loading
from regiohub.plugins.loading import GROUP

from .conftest import Shell

WELCOME = "Ctrl-C stops it."


@pytest.fixture
def author(empty: Shell) -> Shell:
    """A folder of somebody who has made a plugin and installed it."""
    made = empty.run("plugin", "new", "--no-input", "--id", "town_trees", "--thing", "tree", "--output", "own")
    assert made.code == 0, made.err
    (project,) = (empty.root / "own").iterdir()
    declared = tomllib.loads((project / "pyproject.toml").read_text())["project"]
    # What `pip install -e` writes, without its half minute.
    site = empty.root / "site" / "regiohub_town_trees-0.1.0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {declared['name']}\nVersion: 0.1.0\n")
    entry = declared["entry-points"]["regiohub.plugins"]["town_trees"]
    (site / "entry_points.txt").write_text(f"[regiohub.plugins]\ntown_trees = {entry}\n")
    empty.environment["PYTHONPATH"] = os.pathsep.join([str(site.parent), str(project / "src")])
    (empty.root / "tenants").rmdir()
    # A configured installation is none of its business.
    empty.environment |= {"REGIOHUB_DATABASE_URL": "postgresql+asyncpg://nobody@nowhere/none"}
    return empty


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _trying(shell: Shell, port: int, *words: str) -> Generator[tuple[subprocess.Popen[str], list[str]]]:
    process = subprocess.Popen(
        shell.command("plugin", "try", "--port", str(port), *words), cwd=shell.root, env=shell.variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said: list[str] = []
    try:
        assert process.stdout is not None
        while not any(WELCOME in line for line in said):
            said.append(process.stdout.readline())
            assert said[-1], "".join(said)
        yield process, said
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=20)


def test_the_new_field_answers_in_the_example_town_with_demo_content(author: Shell) -> None:
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    with _trying(author, port) as (process, said):
        welcome = "".join(said)
        assert f"{base}/musterstadt/graphql" in welcome
        assert f"{base}/console/musterstadt" in welcome
        assert "sign in as one of the example people" in welcome
        query = "{ tenant { name } measures { nodes { plugins } } townTrees { trees { totalCount } } }"
        answer = httpx.post(f"{base}/musterstadt/graphql", json={"query": query}, timeout=20).json()
        assert answer["data"]["tenant"]["name"] == "Stadt Musterstadt"
        assert answer["data"]["townTrees"]["trees"]["totalCount"] > 0
        (measure,) = answer["data"]["measures"]["nodes"]
        assert {"town_trees", "booking"} <= set(measure["plugins"])
        people = httpx.get(f"{base}/console/musterstadt", follow_redirects=True, timeout=20)
        assert (people.status_code, "Anna Musterstadt" in people.text) == (200, True)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert "Traceback" not in welcome + rest
    everything = {path.name for path in author.root.iterdir()} - {"out.txt", "err.txt"}
    assert everything == {".regiohub", "own", "site"}
    assert (author.root / ".regiohub" / ".gitignore").read_text() == "*\n"
    _a_second_start_keeps_what_the_author_changed(author, port)


def _a_second_start_keeps_what_the_author_changed(author: Shell, port: int) -> None:
    file = author.root / ".regiohub" / "towns" / "musterstadt" / "tenant.toml"
    assert list(author.root.glob(".regiohub/**/tenant.toml")) == [file]
    file.write_text(file.read_text(encoding="utf-8").replace('"Stadt Musterstadt"', '"Stadt Anderswo"'))
    with _trying(author, port, "--fresh") as (_, said):
        assert "Migrating the database" in "".join(said)
        query = {"query": "{ tenant { name } }"}
        answer = httpx.post(f"http://127.0.0.1:{port}/musterstadt/graphql", json=query, timeout=20).json()
        assert answer == {"data": {"tenant": {"name": "Stadt Anderswo"}}}


def test_it_refuses_production_before_it_writes_anything(empty: Shell) -> None:
    refused = empty.run(
        "plugin",
        "try",
        REGIOHUB_ENVIRONMENT="production",
        REGIOHUB_SECRET_KEY="x" * 40,
        REGIOHUB_PORT=str(_free_port()),
    )
    assert refused.code == 3
    assert "is for development" in refused.err
    assert not (empty.root / ".regiohub").exists()


@pytest.mark.parametrize(
    ("installed", "words"),
    [
        ([], "No plugin is installed in this environment."),
        (
            [EntryPoint("trees", "regiohub_no_trees.plugin:plugin", GROUP)],
            "trees is left out: import of regiohub_no_trees.plugin:plugin failed: ModuleNotFoundError",
        ),
    ],
)
def test_without_a_sound_plugin_it_says_so_instead_of_serving_nothing(
    empty: Shell, monkeypatch: pytest.MonkeyPatch, installed: list[EntryPoint], words: str
) -> None:
    monkeypatch.setattr(loading, "installed", lambda: installed)
    refused = empty.run("plugin", "try", "--port", str(_free_port()))
    assert refused.code == 3
    assert words in refused.err
    assert not (empty.root / ".regiohub" / "regiohub.sqlite3").exists()


def test_the_folder_of_another_installation_is_left_alone(empty: Shell) -> None:
    data = empty.root / "data"
    data.mkdir()
    (data / "regiohub.sqlite3").write_text("precious")
    refused = empty.run("plugin", "try", "--data", "data", "--fresh", "--port", str(_free_port()))
    assert refused.code == 3
    assert "holds other things than an example town" in refused.err
    assert [path.name for path in data.iterdir()] == ["regiohub.sqlite3"]


def test_a_folder_that_only_looks_like_ours_is_left_alone(empty: Shell) -> None:
    """An installation with a town of that name of its own has the same files, and is not an example."""
    data = empty.root / "data"
    for name in ("tenants/musterstadt/tenant.toml", "towns/musterstadt/tenant.toml", DATABASE, ".gitignore"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("precious")
    before = sorted(data.rglob("*"))
    refused = empty.run("plugin", "try", "--data", "data", "--fresh", "--port", str(_free_port()))
    assert refused.code == 3
    assert "holds other things than an example town" in refused.err
    assert sorted(data.rglob("*")) == before
    assert {path.read_text() for path in before if path.is_file()} == {"precious"}


def test_a_gitignore_that_is_there_stays_as_it_is(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "installed", list)
    data = empty.root / "data"
    data.mkdir()
    (data / ".gitignore").write_text("*.sqlite3\n")
    for _ in range(2):
        refused = empty.run("plugin", "try", "--data", "data", "--port", str(_free_port()))
        assert "No plugin is installed" in refused.err
    assert (data / ".gitignore").read_text() == "*.sqlite3\n"


def test_fresh_deletes_the_database_of_an_example_town_only(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "installed", list)
    empty.run("plugin", "try", "--data", "data", "--port", str(_free_port()))
    data = empty.root / "data"
    (data / DATABASE).write_text("old")
    (data / "notes.txt").write_text("mine")
    empty.run("plugin", "try", "--data", "data", "--fresh", "--port", str(_free_port()))
    assert {path.name for path in data.iterdir() if path.is_file()} == {".gitignore", MARKER, "notes.txt"}


@pytest.mark.parametrize("data", ["file", "file/below"])
def test_a_file_in_the_place_of_the_folder_is_explained(empty: Shell, data: str) -> None:
    (empty.root / "file").write_text("precious")
    refused = empty.run("plugin", "try", "--data", data, "--port", str(_free_port()))
    assert refused.code == 3
    assert f"{empty.root / data} cannot be used as a folder: " in refused.err
    assert "--data" in refused.err
    assert "Traceback" not in refused.err
    assert (empty.root / "file").read_text() == "precious"


def test_a_faulty_town_file_is_named_with_its_line(empty: Shell) -> None:
    file = empty.root / "here" / "towns" / "musterstadt" / "tenant.toml"
    file.parent.mkdir(parents=True)
    (empty.root / "here" / MARKER).touch()
    file.write_text('slug = "musterstadt"\nname = 3\n')
    refused = empty.run("plugin", "try", "--data", "here", "--port", str(_free_port()))
    assert refused.code == 1
    assert f"{Path('here', 'towns', 'musterstadt', 'tenant.toml')}:2:1" in refused.err
    assert "Traceback" not in refused.err
