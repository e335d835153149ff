"""Example content."""

from pathlib import Path
from typing import Any

from regiohub.testing import World
from regiohub_{{ cookiecutter.id }}.demo import load_demo
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from sqlalchemy import select


async def test_examples_are_added_once_and_changes_stay(world: World, tmp_path: Path) -> None:
    scope = world.scope("potsdam")
    await load_demo(scope, tmp_path)
    async with scope.write() as ctx:
        first: Any = (await ctx.session.scalars(select({{ cookiecutter.__Thing }}).order_by({{ cookiecutter.__Thing }}.external_id))).first()
        first.name = "Umbenannt"
    await load_demo(scope, tmp_path)
    async with scope.read() as ctx:
        places = (await ctx.session.scalars(select({{ cookiecutter.__Thing }}).order_by({{ cookiecutter.__Thing }}.external_id))).all()
    assert len(places) == 5
    assert places[0].name == "Umbenannt"


async def test_examples_count_among_the_links_of_a_measure(world: World, tmp_path: Path) -> None:
    await load_demo(world.scope("potsdam"), tmp_path)
    async with world.scope("potsdam").read() as ctx:
        found = [link for given in ctx.plugins.call("register_links") for link in await given.value(ctx)]
    assert [(link.kind, link.count) for link in found] == [("places", 5)]
