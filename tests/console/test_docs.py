"""The page for authors of console pages is a plugin: it is built and used."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import AsyncGenerator, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from regiohub.plugins.host import PluginHost
from regiohub.plugins.rules import State, static_rules
from regiohub.testing import World, open_world
from regiohub.testing.console import text_of
from regiohub.testing.databases import SqliteTemplate, prepare

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "console-pages.md"
BLOCKS = re.findall(r"^```(python|jinja)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
NOTES = EntryPoint("notes", "regiohub_notes.plugin:plugin", "regiohub.plugins")
MIGRATION = """
import sqlalchemy as sa
from regiohub.api.migrations import ops

revision = "0001"
down_revision = None

def upgrade() -> None:
    ops.create_tenant_table(
        "notes_note", sa.Column("title", sa.Text(), nullable=False), sa.Column("text", sa.Text(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False), sa.Column("created_at", ops.UtcDateTime(), nullable=False),
        sa.Column("updated_at", ops.UtcDateTime(), nullable=False),
    )
    ops.guard("notes_note")

def downgrade() -> None:
    ops.drop_tenant_table("notes_note")
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The page's code as an importable package."""
    root = tmp_path_factory.mktemp("notes")
    folder = root / "regiohub_notes"
    found: dict[str, str] = {"migrations/versions/0001_initial.py": MIGRATION}
    for _, content in BLOCKS:
        first, _, rest = content.partition("\n")
        name = first.removeprefix("# ").removeprefix("{# ").removesuffix(" #}")
        found[name] = found.get(name, "") + rest + "\n\n"
    for name in ("__init__.py", "migrations/__init__.py", "py.typed"):
        found.setdefault(name, "")
    for name, content in found.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    sys.path.insert(0, str(root))
    yield
    sys.path.remove(str(root))


def test_the_plugin_of_the_page_keeps_the_rules(package: None) -> None:
    importlib.invalidate_caches()
    verdicts = static_rules(PluginHost((NOTES,)).healthy["notes"])
    assert {verdict.rule.id: verdict.faults for verdict in verdicts if verdict.state is State.TODO} == {}


@pytest.fixture
async def notes(package: None, tmp_path: Path) -> AsyncGenerator[World]:
    """An installation with the noticeboard on in Potsdam."""
    importlib.invalidate_caches()
    address = SqliteTemplate(tmp_path).address
    await prepare(address, tmp_path, entries=(NOTES,))
    async with open_world(address, tmp_path, entries=(NOTES,)) as world:
        yield world


async def test_the_plugin_of_the_page_works(notes: World) -> None:
    client = await notes.console("potsdam", roles=["editor"])
    assert "Noch hängt hier nichts." in text_of(await client.get("notes/board"))
    faulty = await client.post("notes/new", {"title": "", "text": "Text"})
    assert faulty.status_code == 422
    assert "Bitte mindestens 1 Zeichen." in text_of(faulty)
    board = await client.done("notes/new", {"title": "=Fundsachen", "text": "Schirm"})
    page = await client.get(board)
    assert "=Fundsachen" in text_of(page)
    link = re.search(r'href="(/console/potsdam/notes/[0-9a-f-]{36})"', page.text)
    assert link is not None
    assert "'=Fundsachen" in (await client.get(f"{board}?format=csv&list=notes")).text
    assert "Nichts passt" in text_of(await client.get(f"{board}?notes.q=nirgends"))
    question = await client.post(f"{link[1]}/take-down")
    assert "Der Text ist danach weg." in text_of(question)
    await client.done(f"{link[1]}/take-down", {"confirmed": "yes"})
    assert (await client.get(link[1])).status_code == 404


async def test_without_the_right_the_menu_does_not_name_it_and_the_page_refuses(notes: World) -> None:
    client = await notes.console("potsdam", roles=["caretaker"])
    assert "Aushänge" not in text_of(await client.get("/console/account"))
    refused = await client.get("notes/board")
    assert refused.status_code == 403
    assert "Aushänge bearbeiten" in text_of(refused)


async def test_where_the_plugin_is_off_there_is_no_page(notes: World) -> None:
    client = await notes.console("bad-belzig", roles=["tenant-admin"])
    assert (await client.get("notes/board")).status_code == 200
    await notes.disable("bad-belzig", "notes")
    assert (await client.get("notes/board")).status_code == 404
