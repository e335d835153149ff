"""A line that is no row of its table is refused with its number and column, before anything is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from regiohub.archive.departure import Leaving, remove_town
from regiohub.archive.rows import LineRefused, Rows
from regiohub.archive.shapes import checker_of
from regiohub.auth.roles.models import OwnRoleRow
from regiohub.db.base import TenantModel
from regiohub.errors import Conflict, InvalidInput
from regiohub.tenancy.models import Measure, PluginSetting, TenantRow
from regiohub.tenancy.transfers import Transfer
from regiohub.testing.factories import make
from regiohub.testing.installations import Engine
from regiohub_booking.models import Place, Resource

from .conftest import EMPTY_ONE, ONE, Open, exported, imported
from .test_foreign import forge
from .test_removal import BOTH

MEASURE: dict[str, Any] = {
    "id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "key": "m", "position": 0, "origin": "file", "title": "M",
    "title_en": None, "bundle_key": None, "bundle_title": None, "bundle_title_en": None, "summary": None,
    "summary_en": None, "lead": None, "partners": ["P"], "fields": [], "from_year": 2020, "to_year": None,
    "phase": None, "status": None, "later": [], "programme_id": None, "retired_at": "2026-06-01T08:00:00Z",
    "created_at": "2026-06-01T08:00:00Z", "updated_at": "2026-06-01T08:00:00Z",
}  # fmt: skip


def read(row: dict[str, Any], model: type[TenantModel] = Measure) -> dict[str, Any]:
    return Rows(model).values(json.dumps(row).encode())


def test_a_sound_line_is_a_row() -> None:
    assert read(MEASURE)["partners"] == ["P"]


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("title", None, "must not be empty"), ("title", 5, "valid string"), ("title", [5], "valid string"),
        ("title", {"a": 1}, "valid string"), ("position", "5", "valid integer"), ("position", True, "valid integer"),
        ("position", 2**63, "less than"), ("position", 1.5, "valid integer"), ("partners", 5, "valid list"),
        ("partners", "P", "valid list"), ("partners", {"a": 1}, "valid list"), ("partners", [5], r"\[0\] .*string"),
        ("partners", [[1]], "valid string"), ("partners", None, "must not be empty"), ("id", 5, "valid string"),
        ("id", "x", "no value of this column"), ("origin", 5, "valid string"), ("origin", "x", "no value of this"),
        ("created_at", 5, "valid string"), ("created_at", "2026-06-01", "no value of this column"),
        ("created_at", "0001-01-01T00:00:00+14:00", "no value of this column"),
    ],
)  # fmt: skip
def test_values_of_another_shape_are_refused_with_their_column(column: str, value: object, fault: str) -> None:
    with pytest.raises(LineRefused, match=f"^{column}: .*{fault}"):
        read(MEASURE | {column: value})


@pytest.mark.parametrize("value", [5, [], [1], "str", None])
def test_documents_are_what_their_models_declare(value: object) -> None:
    sound = {"id": MEASURE["id"], "plugin": "booking", "origin": "file", "values": {"a": [1, {"b": None}]}}
    assert read(sound, PluginSetting)["values"] == sound["values"]
    with pytest.raises(LineRefused, match=r"^values: "):
        read(sound | {"values": value}, PluginSetting)


@pytest.mark.parametrize("value", [5, "POINT(1 2)", [13.0, 52.0], True])
def test_a_geometry_is_an_object(value: object) -> None:
    check = checker_of(Place, cast("sa.Table", Place.__table__).c.position)
    assert check({"type": "Point", "coordinates": [13.0, 52.0]}) is None
    assert check(value) is not None


def changed(file: Path, table: str, **changes: Any) -> Path:
    """The archive with other values in the last line of a table."""
    name = f"tables/{table}.ndjson"
    with ZipFile(file) as archive:
        lines = archive.read(name).splitlines()
    lines[-1] = json.dumps(json.loads(lines[-1]) | changes, sort_keys=True).encode()
    return forge(file, name, b"".join(line + b"\n" for line in lines))


@BOTH
async def test_rows_of_another_shape_store_nothing_and_the_sound_archive_comes_in_afterwards(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    good = tmp_path / "1.zip"
    async with opens("sqlite", ONE) as world:
        async with world.scope("potsdam").write() as ctx:
            ctx.session.add(OwnRoleRow(key="press", title_de="P", title_en="P", permissions=["tenant.audit"]))
            await make(ctx, Measure, key="another", title="Another")
            place = await make(ctx, Place, position={"type": "Point", "coordinates": [13.0, 52.4]})
            await make(ctx, Resource, whole_id=None, place_id=place.id)
        await exported(world, good)
    async with opens(engine, EMPTY_ONE) as world:
        for table, column, value in (
            ("core_role", "permissions", [[1]]), ("core_measure", "title", [5]), ("booking_place", "position", 5),
        ):  # fmt: skip
            with pytest.raises(InvalidInput, match=rf"tables/{table} line \d+: {column}: "):
                await imported(world, changed(good, table, **{column: value}))
            async with world.platform.database.platform() as session:
                assert list(await session.scalars(sa.select(TenantRow.slug))) == ["berlin"]
                assert list(await session.scalars(sa.select(Transfer.id))) == []
        # What only the database can judge: the town was begun, and stays out of sight.
        for table, column, value in (
            ("booking_place", "position", {"type": "Pint", "coordinates": []}),
            ("core_measure", "key", "modellvorhaben"),
        ):  # fmt: skip
            with pytest.raises(InvalidInput, match=rf"tables/{table}: the database refuses one of the lines 1 to"):
                await imported(world, changed(good, table, **{column: value}))
            await world.platform.tenants.refresh()
            assert world.platform.tenants.get("potsdam") is None
            with pytest.raises(Conflict, match="remove it with tenant remove"):
                await imported(world, good)
            await remove_town(world.platform, "potsdam", Leaving(by="test", settle=0.0))
        assert (await imported(world, good)).slug == "potsdam"
        assert world.platform.tenants.get("potsdam") is not None


async def test_rows_that_make_no_town_are_a_refusal(opens: Open) -> None:
    async with opens("sqlite", EMPTY_ONE) as world:
        with pytest.raises(InvalidInput, match="do not make a town"):
            await world.platform.tenants.on_its_way(4711)
