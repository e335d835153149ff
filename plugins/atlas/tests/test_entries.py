"""Single entries of a procedure's lists: added, changed, moved, taken out, never over somebody else's change."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from regiohub.api import Conflict, Ctx, Forbidden, InvalidInput
from regiohub.testing import World
from regiohub_atlas.models import Phase
from regiohub_atlas.service.entries import drop_entry, move_entry, put_entry

from .test_procedures_graphql import created

FIRST = {"kind": "preparation", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31), "title": "Eins"}
SECOND = {"kind": "participation", "starts_on": date(2026, 4, 1), "title": "Zwei"}


async def phases(ctx: Ctx, procedure: UUID) -> list[Phase]:
    query = select(Phase).where(Phase.procedure_id == procedure).order_by(Phase.position)
    return list(await ctx.session.scalars(query))


async def titles(world: World, procedure: UUID) -> list[str | None]:
    async with world.scope("potsdam").read() as ctx:
        return [phase.title for phase in await phases(ctx, procedure)]


async def test_phases_are_added_changed_moved_and_taken_out_one_by_one(world: World) -> None:
    procedure = UUID(await created(world))
    async with world.scope("potsdam").write() as ctx:
        await put_entry(ctx, procedure, "phases", FIRST)
        await put_entry(ctx, procedure, "phases", SECOND)
        first, second = await phases(ctx, procedure)
        await move_entry(ctx, procedure, "phases", second.id, -1)
    assert await titles(world, procedure) == ["Zwei", "Eins"]
    async with world.scope("potsdam").write() as ctx:
        moved, other = await phases(ctx, procedure)
        await put_entry(ctx, procedure, "phases", {"title": "Drei"}, moved.id)
        _, other = await phases(ctx, procedure)
        await drop_entry(ctx, procedure, "phases", other.id)
    assert await titles(world, procedure) == ["Drei"]
    assert first.id != moved.id


async def test_an_entry_somebody_else_has_changed_meanwhile_is_not_overwritten(world: World) -> None:
    procedure = UUID(await created(world))
    async with world.scope("potsdam").write() as ctx:
        await put_entry(ctx, procedure, "phases", FIRST)
        (seen,) = await phases(ctx, procedure)
        await put_entry(ctx, procedure, "phases", {"title": "Von anderen"}, seen.id)
    scope = world.scope("potsdam")
    with pytest.raises(Conflict):
        await scope.run(lambda ctx: put_entry(ctx, procedure, "phases", {"title": "Von mir"}, seen.id))
    assert await titles(world, procedure) == ["Von anderen"]


async def test_a_phase_that_ends_before_it_begins_is_refused_and_nothing_is_lost(world: World) -> None:
    procedure = UUID(await created(world))
    async with world.scope("potsdam").write() as ctx:
        await put_entry(ctx, procedure, "phases", FIRST)
        (phase,) = await phases(ctx, procedure)
    early = {"ends_on": date(2026, 1, 1)}
    with pytest.raises(InvalidInput) as refused:
        await world.scope("potsdam").run(lambda ctx: put_entry(ctx, procedure, "phases", early, phase.id))
    assert refused.value.field == "phases.0.endsOn"
    assert await titles(world, procedure) == ["Eins"]


async def test_only_those_who_may_edit_change_entries(world: World) -> None:
    procedure = UUID(await created(world))
    scope = world.scope("potsdam", principal=world.principal("potsdam", roles=("citizen",)))
    with pytest.raises(Forbidden):
        await scope.run(lambda ctx: drop_entry(ctx, procedure, "phases", uuid4()))
