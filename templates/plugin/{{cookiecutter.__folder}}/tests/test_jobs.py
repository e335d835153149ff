"""Work that comes round."""

{% if cookiecutter.table %}
from datetime import timedelta
from typing import Any

from regiohub.testing import World
from regiohub.testing import Capture
from regiohub_{{ cookiecutter.id }}.events import {{ cookiecutter.__Thing }}Outdated
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from regiohub_{{ cookiecutter.id }}.service import editing
from sqlalchemy import select

CONFIRM = "mutation($id: ID!) { confirm{{ cookiecutter.__Thing }}(id: $id) { place { outdated } errors { code } } }"


async def the_place(world: World) -> Any:
    async with world.scope("potsdam").read() as ctx:
        return (await ctx.session.scalars(select({{ cookiecutter.__Thing }}))).one()


async def test_what_nobody_confirms_is_marked_and_told_once(world: World, captured: Capture) -> None:
    async with world.scope("potsdam").write() as ctx:
        await editing.create(ctx, {"name": "Alt"})
    await world.later(days=364)
    assert not (await the_place(world)).outdated
    await world.later(days=2)
    place = await the_place(world)
    assert place.outdated
    await world.later(days=1)
    assert await captured.facts({{ cookiecutter.__Thing }}Outdated) == [{{ cookiecutter.__Thing }}Outdated(place_id=place.id)]


async def test_a_confirmation_or_a_change_makes_it_good_for_another_term(world_sqlite: World) -> None:
    world = world_sqlite
    async with world.scope("potsdam").write() as ctx:
        place = await editing.create(ctx, {"name": "Alt"})
    await world.later(days=400)
    answer = await world.graphql("potsdam", CONFIRM, {"id": str(place.id)}, roles=("editor",))
    assert answer.data["confirm{{ cookiecutter.__Thing }}"] == {"place": {"outdated": False}, "errors": []}
    await world.later(days=300)
    assert not (await the_place(world)).outdated
    await world.later(days=100)
    async with world.scope("potsdam").write() as ctx:
        await editing.change(ctx, place.id, {"name": "Neu"})
    found = await the_place(world)
    assert not found.outdated
    assert world.clock.now() - found.checked_at < timedelta(seconds=1)


async def test_only_staff_confirm(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        place = await editing.create(ctx, {"name": "Alt"})
    answer = await world_sqlite.graphql("potsdam", CONFIRM, {"id": str(place.id)}, subject="resident")
    assert answer.codes == ["FORBIDDEN"]
{% else %}
from datetime import timedelta

from regiohub.testing import World
from regiohub.testing import Capture
from regiohub_{{ cookiecutter.id }}.events import OpenChanged
from regiohub_{{ cookiecutter.id }}.jobs import tell_changes


async def test_the_beginning_and_the_end_of_opening_hours_are_told(world: World, captured: Capture) -> None:
    scope = world.scope("potsdam")
    # The world begins on a Monday at 10:00; the usual hours end at 17:00.
    for _ in range(12 * 24):
        world.clock.advance(timedelta(minutes=5))
        await tell_changes(scope)
    assert await captured.facts(OpenChanged) == [OpenChanged(open=False), OpenChanged(open=True)]


async def test_the_worker_runs_it_where_the_plugin_is_on(world_sqlite: World) -> None:
    captured = await world_sqlite.capture()
    await world_sqlite.later(minutes=6)
    assert {job.town for job in await captured.jobs("{{ cookiecutter.id }}.open_changed")} == {"potsdam", "bad-belzig"}
{% endif %}
