"""docs/how-to/personal-data.md: a plugin that says whose its rows are, and what the platform makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from regiohub.plugins.subjects import Subject
from regiohub.privacy import erase_subject, export_subject, look_up
from regiohub.tenancy.context import Ctx
from regiohub.testing.contract import Case
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.contract.promises.personal_data import PROMISES
from regiohub.testing.installations import Engine, Installations, Recipe

from .conftest import ENGINES, plugin_of
from .pages import DOCS, blocks

PAGE = "how-to/personal-data.md"
ANNA = Subject("anna", frozenset({"anna@example.org"}))
MIGRATION = '''
"""Tips and their photos."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    ops.create_tenant_table(
        "tips_tip",
        sa.Column("subject", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("letters", ops.Json, nullable=False),
        *ops.timestamps(),
    )
    ops.guard("tips_tip")
    ops.create_tenant_table(
        "tips_photo",
        sa.Column("tip_id", ops.Guid(), nullable=False),
        sa.Column("caption", sa.Text()),
        sa.Column("secret", sa.Text()),
        ops.reference("tip_id", "tips_tip"),
    )
    ops.create_index("tips_photo", "tip_id")
    ops.guard("tips_photo")


def downgrade() -> None:
    ops.drop_tenant_table("tips_photo")
    ops.drop_tenant_table("tips_tip")
'''


@pytest.fixture(scope="module")
def tips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EntryPoint]:
    """The plugin of the page; its migration is like those of "Add a table"."""
    folder = tmp_path_factory.mktemp("tips")
    with plugin_of(PAGE, "tips", folder, beside={"migrations/versions/0001_initial.py": MIGRATION}) as entry:
        yield entry


@pytest.mark.parametrize("engine", ENGINES)
async def test_the_person_gets_everything_and_is_erased_as_the_page_says(
    installations: Installations, tips: EntryPoint, tmp_path: Path, engine: Engine
) -> None:
    async with installations.open(Recipe(entries=(tips,)), engine, tmp_path) as world:
        from regiohub_tips.models import Photo, Tip  # pyright: ignore[reportMissingImports]
        from sqlalchemy import select

        async def plant(ctx: Ctx) -> None:
            letters = [{"from": "Anna@example.org", "text": "…"}, {"from": "ben@example.org", "text": "…"}]
            tip = Tip(subject="anna", email=None, name="Anna", text="Loch", street="Am Markt", letters=letters)
            ctx.session.add(tip)
            await ctx.session.flush()
            ctx.session.add(Photo(tip_id=tip.id, caption="Loch", secret="geheim"))

        scope = world.scope("potsdam")
        await scope.run(plant)
        found = await scope.run(lambda ctx: export_subject(ctx, ANNA))
        assert {part.source: len(part.records) for part in found.parts} == {
            "tips_tip": 1, "tips_photo": 1, "plugin": 1,
        }  # fmt: skip
        assert "geheim" not in str(found.document()["parts"][1])
        look = await scope.run(lambda ctx: look_up(ctx, ANNA))
        assert [words.en for words in look.consequences] == ["The tip stays without a name."]
        done = await scope.run(lambda ctx: erase_subject(ctx, ANNA))
        assert [(one.found, one.deleted, one.cleared) for one in done.outcomes] == [(3, 2, 1)]
        async with scope.read() as ctx:
            tip = (await ctx.session.scalars(select(Tip))).one()
            assert (tip.subject, tip.name, tip.text, tip.street) == (None, None, "", "Am Markt")
            assert [letter["from"] for letter in tip.letters] == ["ben@example.org"]
            assert (await ctx.session.scalars(select(Photo))).all() == []


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
async def test_the_plugin_keeps_the_promises_with_the_letters_of_its_own_test(
    installations: Installations, tips: EntryPoint, tmp_path: Path, promise: object
) -> None:
    page = next(block for block in blocks(Path(PAGE)) if block.file == "tests/test_contract.py")
    names: dict[str, object] = {}
    exec(compile(page.content, PAGE, "exec"), names)
    person = names["write_a_letter"]
    assert callable(names["TestContract"])
    case = Case("tips", "sqlite", installations, tmp_path, fill_tables("tips"), (tips,), person)  # type: ignore[arg-type]
    await promise.hold(case)  # type: ignore[attr-defined]


def test_the_page_names_every_promise_about_people() -> None:
    text = (DOCS / PAGE).read_text(encoding="utf-8")
    assert [promise.id for promise in PROMISES if f"`{promise.id}`" not in text] == []
