"""Whether nothing is left of a person, and all of everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from regiohub.archive.container import files_below
from regiohub.errors import DomainError
from regiohub.events.models import OutboxEntry
from regiohub.mail import Mail
from regiohub.privacy import erase_subject
from regiohub.privacy.purge import own_folders
from regiohub.tenancy.context import Ctx
from regiohub.testing.contract.case import Case
from regiohub.testing.world import World

from .export import planted
from .people import ANNA, BEN, HERE, THERE, Row, Tables, holds_people, names


async def erasure_faults(case: Case) -> list[str]:
    """Erase one of two people in one town, then look for him everywhere there, and for the others' rows."""
    if not holds_people(case.plugin):
        return []
    tables = Tables(case.plugin)
    async with case.filled(2) as world:
        await planted(case, world, tables)
        await world.scope(HERE).run(lambda ctx: ctx.mail(Mail(to=_address(), template=f"{case.id}/contract")))
        before, there = await _contents(world, tables, HERE), await _contents(world, tables, THERE)
        try:
            await world.scope(HERE).run(lambda ctx: erase_subject(ctx, ANNA))
        except DomainError as error:
            return [f"the erasure fails: {error.message.en}"]
        after = await _contents(world, tables, HERE)
        faults = [*_left(tables, after), *await _traces(case, world), *_lost(tables, before, after)]
        if await _contents(world, tables, THERE) != there:
            faults.append("rows of another town have changed")
        return faults


def _address() -> str:
    return next(iter(ANNA.emails))


async def _contents(world: World, tables: Tables, slug: str) -> dict[str, list[Row]]:
    async with world.scope(slug).read() as ctx:
        return await tables.everything(ctx)


def _left(tables: Tables, rows: Mapping[str, list[Row]]) -> Iterator[str]:
    for name, some in rows.items():
        entry = tables.declared.get(name)
        if entry is not None and entry.keep is not None:
            continue
        columns = sorted({column for row in some for column, value in row.items() if names([value], ANNA)})
        for column in columns:
            yield f"table {name}: column {column} still names the person"


def _lost(tables: Tables, before: Mapping[str, list[Row]], after: Mapping[str, list[Row]]) -> Iterator[str]:
    """Rows of the other person that are gone or lost him; those that were both people's do not count."""
    hers = tables.of_person(before, ANNA)
    still = tables.of_person(after, BEN)
    for name, keys in tables.of_person(before, BEN).items():
        lost = (keys - hers.get(name, set())) - still.get(name, set())
        if lost:
            yield f"table {name}: {len(lost)} rows of somebody else were erased too"


async def _traces(case: Case, world: World) -> list[str]:
    async def payloads(ctx: Ctx) -> list[object]:
        return list(await ctx.session.scalars(sa.select(OutboxEntry.payload)))

    scope = world.scope(HERE)
    async with scope.read() as ctx:
        waiting = [payload for payload in await payloads(ctx) if names([payload], ANNA)]
    faults = [f"{len(waiting)} entries of the outbox still name the person"] if waiting else []
    left = [
        f"the file {path.relative_to(scope.data_dir)} still names the person"
        for path in files_below(own_folders(scope.data_dir, case.id))
        if names([path.read_bytes().decode(errors="replace")], ANNA)
    ]
    return [*faults, *left]
