"""The page for plugin authors is a plugin: its code is built, its queries are asked on both databases."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import sys
from collections.abc import AsyncGenerator, Iterator
from datetime import date
from decimal import Decimal
from importlib.metadata import EntryPoint
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from regiohub.clock import FrozenClock
from regiohub.db.migrate import upgrade
from regiohub.graphql.compose.checks import check
from regiohub.graphql.core.parts import TOWN_PART
from regiohub.platform import Platform
from regiohub.tenancy.sync import apply_town
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, settings_for
from regiohub.testing.towns import small_towns
from regiohub.testing.world import START, World, open_world

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "bound-types.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
LIBRARY = EntryPoint("library", "regiohub_library.plugin:plugin", "regiohub.plugins")

IMPORTS = {
    "models.py": """
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID
from sqlalchemy.orm import Mapped
from regiohub.api import TenantModel, geometry, reference, relation, unique
""",
    "graphql.py": """
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from sqlalchemy import Integer, Select, cast, extract, func, select
from regiohub.api import *
from regiohub_library.models import Branch, Item, Loan, Medium
MANAGE = Permission("library.manage", t("Bibliothek verwalten", "Manage the library"), roles=("editor",))
""",
    "plugin.py": """
from regiohub.api import GraphQLPart, Plugin, t
from regiohub_library.graphql import MANAGE, LibraryQuery
from regiohub_library.models import Branch, Item, Loan
""",
}
MIGRATION = """
import sqlalchemy as sa
from regiohub.api.migrations import ops

revision = "0001"
down_revision = None

def upgrade():
    ops.create_tenant_table(
        "library_branch", sa.Column("name", sa.Text(), nullable=False), sa.Column("place", ops.GeoJson()),
        sa.Column("opening", ops.Json, nullable=False),
    )
    ops.spatial_index("library_branch", "place")
    ops.create_tenant_table(
        "library_item", sa.Column("title", sa.Text(), nullable=False), sa.Column("subtitle", sa.Text()),
        sa.Column("medium", sa.String(40), nullable=False), sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(18, 6)), sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("branch_id", ops.Guid(), nullable=False), ops.reference("branch_id", "library_branch"),
        ops.unique("signature"),
    )
    ops.create_tenant_table(
        "library_loan", sa.Column("item_id", ops.Guid(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False), sa.Column("returned_on", sa.Date()),
        ops.reference("item_id", "library_item"),
    )
    for table in ("library_branch", "library_item", "library_loan"):
        ops.guard(table)
"""


def files() -> dict[str, str]:
    """The page's code by file, each block appended to those before."""
    found: dict[str, str] = dict(IMPORTS)
    for language, content in BLOCKS:
        if language == "python":
            first, _, rest = content.partition("\n")
            found[first.removeprefix("# ")] += rest + "\n\n"
    return found


def asked() -> list[tuple[str, Any]]:
    """The page's queries, each with the answer that follows it."""
    following = pairwise(BLOCKS)
    return [
        (query, json.loads(answer))
        for (kind, query), (then, answer) in following
        if (kind, then) == ("graphql", "json")
    ]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The plugin's package, written from the page."""
    root = tmp_path_factory.mktemp("library")
    versions = root / "regiohub_library" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (root / "regiohub_library" / "__init__.py").touch()
    (root / "regiohub_library" / "migrations" / "__init__.py").touch()
    (versions / "0001_initial.py").write_text(MIGRATION)
    for name, content in files().items():
        (root / "regiohub_library" / name).write_text(content)
    sys.path.insert(0, str(root))
    yield importlib.import_module("regiohub_library.models")
    sys.path.remove(str(root))


class LibraryTemplate(PostgresTemplate):
    """The library's database on PostgreSQL."""

    NAME = "regiohub_library_template"


async def prepare(address: Address, data_dir: Path, models: ModuleType) -> None:
    """Migrate, and put in what the page says is there."""
    platform = Platform(settings_for(address, data_dir), entries=(LIBRARY,), clock=FrozenClock(START))
    try:
        await upgrade(platform.database, platform.migrations)
        for town in small_towns(platform.plugins.healthy, []):
            await apply_town(platform, town)
        await platform.tenants.refresh()
        for town in platform.tenants.all():
            async with platform.scope(town).write() as ctx:
                near, far = (
                    models.Branch(name=name, place={"type": "Point", "coordinates": [13.06, lat]}, opening={})
                    for name, lat in (("Am Kanal", 52.4), ("Waldstadt", 52.9))
                )
                ctx.session.add_all([near, far])
                await ctx.session.flush()
                item, game, gone = (
                    models.Item(
                        title=title, subtitle=subtitle, medium=models.Medium(medium), signature=signature,
                        price=Decimal(12), withdrawn=medium == "book" and subtitle is None, branch_id=near.id,
                    )
                    for title, subtitle, medium, signature in (
                        ("Krabat", "Eine Sage", "book", "Kin 12"), ("Halma", None, "game", "Sp 1"),
                        ("Alt", None, "book", "A"),
                    )
                )  # fmt: skip
                ctx.session.add_all([item, game, gone])
                await ctx.session.flush()
                ctx.session.add_all([
                    models.Loan(item_id=item.id, reader="anna", starts_on=date(2026, 5, 20), returned_on=None),
                    models.Loan(
                        item_id=item.id, reader="ben", starts_on=date(2025, 5, 20), returned_on=date(2025, 6, 1)
                    ),
                ])  # fmt: skip
    finally:
        await platform.stop()


@pytest.fixture(scope="session")
def library_postgresql(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, library: ModuleType
) -> LibraryTemplate:
    """Made once per run."""
    template = LibraryTemplate(request.getfixturevalue("postgres_server"))
    asyncio.run(template.create())
    asyncio.run(prepare(template.address, tmp_path_factory.mktemp("library-postgresql"), library))
    return template


@pytest.fixture(scope="session")
def library_file(tmp_path_factory: pytest.TempPathFactory, library: ModuleType) -> SqliteTemplate:
    """Made once per run."""
    folder = tmp_path_factory.mktemp("library-sqlite")
    template = SqliteTemplate(folder)
    asyncio.run(prepare(template.address, folder, library))
    return template


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """A copy of the library's database, once on each engine."""
    template = request.getfixturevalue("library_file" if request.param == "sqlite" else "library_postgresql")
    with template.copy(tmp_path) as copied:
        yield copied


@pytest.fixture(params=[True, False], ids=["plans", "ordinary"])
async def world(request: pytest.FixtureRequest, address: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation in each way of answering."""
    async with open_world(address, tmp_path / "data", entries=(LIBRARY,), graphql_plans=request.param) as opened:
        yield opened


async def test_the_pages_plugin_answers_the_pages_queries(world: World) -> None:
    (anybody, first), (reader, second) = asked()
    answer = await world.graphql("potsdam", anybody)
    assert (answer.errors, answer.data) == ([], first)
    answer = await world.graphql("potsdam", reader, subject="anna")
    # The loan of 2025 is somebody else's.
    assert (answer.errors, answer.data) == ([], second)


def test_the_wrong_declaration_is_told_what_the_page_says(library: ModuleType) -> None:
    source = files()["graphql.py"].replace('title: str = column("Title.")', 'title: int = column("Title.")')
    wrong = ModuleType("regiohub_library.wrong")
    sys.modules[wrong.__name__] = wrong
    exec(compile(source, "wrong", "exec"), vars(wrong))
    from regiohub.api import GraphQLPart

    fault = check(TOWN_PART, {"library": GraphQLPart(query=wrong.LibraryQuery)})["library"]
    (shown,) = [content for language, content in BLOCKS if language == "text"]
    assert str(fault) == shown.strip()


def test_the_page_names_every_way_to_declare() -> None:
    for name in (
        "bound", "column", "to_one", "to_many", "computed", "count_of", "first_of", "nested", "rows_of", "many", "one",
        "filters", "where", "field", "batched", "connection", "value", "query",
    ):  # fmt: skip
        assert re.search(rf"\b{name}\b", TEXT), name


def test_every_block_of_code_says_its_file_and_every_query_its_answer() -> None:
    assert set(files()) == set(IMPORTS)
    assert len(asked()) == sum(language == "graphql" for language, _ in BLOCKS) == 2
