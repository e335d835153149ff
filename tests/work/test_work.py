"""Long work: counted in short transactions, by several workers at once."""

import asyncio

from regiohub.testing import World
from regiohub.texts import t
from regiohub.work import WorkState, advance_work, begin_work, finish_work, latest_work, work_of

TITLE = t("Neu berechnen", "Compute again")


async def test_parts_counted_by_many_at_once_are_all_there(world: World) -> None:
    scope = world.scope("potsdam")
    async with scope.write() as ctx:
        work = await begin_work(ctx, "demo.again", TITLE, total=40)

    async def part(number: int) -> None:
        async with scope.write() as ctx:
            await advance_work(ctx, work.id, done=int(number % 4 != 0), failed=int(number % 4 == 0))

    await asyncio.gather(*(part(number) for number in range(40)))
    async with scope.read() as ctx:
        found = await work_of(ctx, work.id)
    assert found is not None
    assert (found.done, found.failed, found.percent) == (30, 10, 100)
    assert found.words.de == "30 von 40 erledigt, 10 fehlgeschlagen"


async def test_a_work_that_has_ended_counts_no_more(world: World) -> None:
    scope = world.scope("potsdam")
    async with scope.write() as ctx:
        work = await begin_work(ctx, "demo.again", TITLE, total=2)
        await finish_work(ctx, work.id, t("Abgebrochen.", "Stopped."), failed=True)
        await advance_work(ctx, work.id, done=1)
        await finish_work(ctx, work.id, t("Doch fertig.", "Done after all."))
    async with scope.read() as ctx:
        found = (await latest_work(ctx, "demo.again"))[0]
    assert (found.state, found.done, found.words.en) == (WorkState.FAILED, 0, "Stopped.")


async def test_nothing_to_do_is_done_at_once(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        work = await begin_work(ctx, "demo.again", TITLE, total=0)
    assert (work.state, work.percent) == (WorkState.DONE, 100)


async def test_another_town_does_not_see_the_work(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        work = await begin_work(ctx, "demo.again", TITLE, total=1)
    async with world.scope("bad-belzig").read() as ctx:
        assert await work_of(ctx, work.id) is None
        assert list(await latest_work(ctx)) == []
