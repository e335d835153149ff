"""Whether a person gets all, and only, what is held on him."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import to_json

from regiohub.errors import DomainError
from regiohub.privacy import SubjectExport, export_subject
from regiohub.testing.contract.case import Case
from regiohub.testing.world import World

from .people import ANNA, BEN, HERE, THERE, Row, Tables, holds_people, names, plant


async def export_faults(case: Case) -> list[str]:
    """Two people in one town and one of them in another: the export of one is compared with the rows."""
    if not holds_people(case.plugin):
        return []
    tables = Tables(case.plugin)
    async with case.filled(2) as world:
        await planted(case, world, tables)
        async with world.scope(HERE).read() as ctx:
            rows = await tables.everything(ctx)
        try:
            found = await world.scope(HERE).run(lambda ctx: export_subject(ctx, ANNA))
            nobody = await world.scope("berlin").run(lambda ctx: export_subject(ctx, ANNA))
        except DomainError as error:
            return [f"the export fails: {error.message.en}"]
        foreign = [f"{case.id} hands out {nobody.count} records in a town without any"] if nobody.count else []
        return [*_rows(tables, rows, found), *_texts(case.id, tables, rows, found), *foreign]


async def planted(case: Case, world: World, tables: Tables) -> None:
    """Put both people into the one town and the first of them into the other."""
    await plant(world.scope(HERE), tables, ANNA, BEN)
    await plant(world.scope(THERE), tables, ANNA)
    if case.person is not None:
        for slug, people in ((HERE, (ANNA, BEN)), (THERE, (ANNA,))):
            for person in people:
                await case.person(world.scope(slug), person)


def _rows(tables: Tables, rows: Mapping[str, list[Row]], found: SubjectExport) -> Iterator[str]:
    for name, keys in tables.of_person(rows, ANNA).items():
        records = [record for part in found.parts if part.source == name for record in part.records]
        if name not in tables.declared:
            if not names([to_json([part.records for part in found.parts if part.source == "plugin"])], ANNA):
                yield f"table {name} holds the person and is not in the export"
            continue
        hidden = tables.declared[name].hidden
        shown = [c.name for c in tables.table(name).primary_key if c.name != "tenant_id" and c.name not in hidden]
        missing = len(keys) - sum(_key(record, shown) in keys for record in records)
        if missing > 0:
            yield f"table {name}: {missing} of {len(keys)} rows of the person are not in the export"


def _texts(plugin: str, tables: Tables, rows: Mapping[str, list[Row]], found: SubjectExport) -> Iterator[str]:
    both = {name: keys & tables.of_person(rows, ANNA).get(name, set())
            for name, keys in tables.of_person(rows, BEN).items()}  # fmt: skip
    for part in found.parts:
        if part.plugin == plugin and not both.get(part.source):
            strange = [record for record in part.records if names([to_json(dict(record)).decode()], BEN)]
            if strange:
                yield f"{part.category} ({part.source}): {len(strange)} records in the export are somebody else's"


def _key(record: Mapping[str, Any], columns: list[str]) -> tuple[str, ...]:
    return tuple(str(record.get(column)) for column in columns)
