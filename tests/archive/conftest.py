"""Towns with rows in every table, and ways to take them from one installation to another."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.archive.arrival import Imported, Wanted, import_town
from regiohub.archive.export import Exported, export_town
from regiohub.archive.tables import EXEMPT, models_by_owner, ordered
from regiohub.audit import seal_town
from regiohub.tenancy.context import Ctx
from regiohub.testing import World
from regiohub.testing.contract.filling import Filling
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.invented import invented
from regiohub.testing.towns import town

SECRET = "a key of this test's own, thirty-two characters"
PASSPHRASE = "a passphrase of the test"
ODD = "Straße „Zum Öhr“ – 50 % \\ \u2028 \t 'x' \"y\" 🌻 مدرسة"

SEALS = ("core_audit_seal", "core_audit_key")
"""Rows that cannot be invented: they are signed."""

Open = Callable[..., AbstractAsyncContextManager[World]]


def no_potsdam(plugins: Any, datasets: Any) -> list[Any]:
    """An installation with one other town."""
    return [town("berlin", ags="11000000", state="BE", centre=(13.4, 52.5))]


EMPTY = Recipe(towns=no_potsdam)
ONE = Recipe.of("booking")
EMPTY_ONE = Recipe.of("booking", towns=no_potsdam)


async def fill_core(ctx: Ctx, rows: int = 3) -> None:
    """Rows in each table of the platform itself and of each plugin."""
    filling = Filling(ctx, rows)
    for models in models_by_owner(ctx.platform.plugins).values():
        for model in ordered(models):
            if model.__tablename__ not in {*EXEMPT, *SEALS}:
                await filling.rows_of(model)


async def fill_out(ctx: Ctx) -> None:
    """Give empty columns of one row per table a value, where no rule of the table stands in the way."""
    for models in models_by_owner(ctx.platform.plugins).values():
        for model in models:
            if model.__tablename__ in EXEMPT or model.__tablename__.startswith("core_audit"):
                continue
            row = (await ctx.session.scalars(sa.select(model).limit(1))).first()
            if row is None:
                continue
            for attribute in sa.inspect(model).column_attrs:
                column = attribute.columns[0]
                if not isinstance(column, sa.Column) or column.foreign_keys or column.primary_key:
                    continue
                if not column.nullable or getattr(row, attribute.key) is not None:
                    continue
                value = invented(model, column, attribute.key, 7, ctx)
                value = ODD if isinstance(value, str) and isinstance(column.type, sa.Text) else value
                try:
                    async with ctx.session.begin_nested():
                        setattr(row, attribute.key, value)
                        await ctx.session.flush()
                except DBAPIError:
                    await ctx.session.refresh(row)


async def fill_town(world: World, slug: str = "potsdam") -> None:
    """Rows in every table of a town, files, and values that databases write differently."""
    async with world.scope(slug).write() as ctx:
        if ctx.session.dialect == "postgresql" and "lorawan" in ctx.platform.plugins.healthy:
            # Invented moments of series lie in one month.
            await ctx.session.execute(sa.select(sa.func.lorawan_ensure_month(sa.cast(_millis(ctx), sa.BigInteger))))
        await fill_core(ctx)
        await fill_out(ctx)
        folder = ctx.data_dir / "atlas" / "files"
        folder.mkdir(parents=True)
        (folder / "plan.pdf").write_bytes(bytes(range(256)) * 10)
        (ctx.data_dir / "branding").mkdir()
        (ctx.data_dir / "branding" / "wäppchen.svg").write_text("<svg/>", encoding="utf-8")
    await seal_town(world.platform, world.tenant(slug))


def _millis(ctx: Ctx) -> int:
    return int(ctx.now().timestamp() * 1000)


@pytest.fixture
def opens(installations: Installations, tmp_path: Path) -> Open:
    """Opens installations that share a key, or with `secret_key=` have one of their own."""
    count = 0

    @asynccontextmanager
    async def open_one(
        engine: Engine, recipe: Recipe = EMPTY, *, prepared_as: Recipe | None = None, **changes: Any
    ) -> AsyncGenerator[World]:
        nonlocal count
        count += 1
        folder = tmp_path / f"installation-{count}"
        folder.mkdir()
        settings = {"secret_key": secret(SECRET), "tenants_dir": folder / "towns", **changes}
        async with installations.open(recipe, engine, folder, prepared_as=prepared_as, **settings) as world:
            yield world

    return open_one


def secret(text: str) -> Any:
    """A setting that is not printed."""
    from pydantic import SecretStr

    return SecretStr(text)


async def exported(world: World, target: Path, slug: str = "potsdam", **options: Any) -> Exported:
    """A town's archive."""
    return await export_town(world.platform, world.tenant(slug), target, **options)


async def imported(world: World, file: Path, **wanted: Any) -> Imported:
    """A town from its archive."""
    return await import_town(world.platform, file, Wanted(by="test", **wanted))


def members(file: Path) -> dict[str, bytes]:
    """All members that are the same whenever and wherever the archive is written: not the manifest, not sealed keys."""
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name not in ("manifest.json", "keys.json")}


def manifest(file: Path) -> dict[str, Any]:
    """The manifest as plain values."""
    with ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def moment(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
