"""Opening hours from the settings: what the API says, and how they are changed."""

import pytest
from regiohub.testing import World

SET = """mutation($values: JSON!) { changePluginSettings(plugin: "{{ cookiecutter.id }}", values: $values) {
  errors { code field message } } }"""


async def test_the_usual_hours_hold_until_a_town_sets_its_own(world: World) -> None:
    document = "{ {{ cookiecutter.__root }} { openNow hours openings { weekday opens closes } } }"
    answer = await world.graphql("potsdam", document, language="de")
    assert answer.data["{{ cookiecutter.__root }}"] == {
        "openNow": True,
        "hours": "Mo-Fr 09:00-17:00",
        "openings": [{"weekday": day, "opens": 540, "closes": 1020} for day in range(1, 6)],
    }
    values = {"hours": "Sa 10:00-12:00"}
    changed = await world.graphql("potsdam", SET, {"values": values}, roles=("tenant-admin",))
    assert changed.data["changePluginSettings"]["errors"] == []
    answer = await world.graphql("potsdam", "{ {{ cookiecutter.__root }} { openNow hours } }")
    assert answer.data["{{ cookiecutter.__root }}"] == {"openNow": False, "hours": "Sa 10:00-12:00"}
    other = await world.graphql("bad-belzig", "{ {{ cookiecutter.__root }} { hours } }")
    assert other.data["{{ cookiecutter.__root }}"] == {"hours": "Mo-Fr 09:00-17:00"}


async def test_without_hours_nobody_knows(world: World) -> None:
    await world.graphql("potsdam", SET, {"values": {"hours": ""}}, roles=("tenant-admin",))
    answer = await world.graphql("potsdam", "{ {{ cookiecutter.__root }} { openNow hours openings { opens } } }")
    assert answer.data["{{ cookiecutter.__root }}"] == {"openNow": None, "hours": None, "openings": []}


@pytest.mark.parametrize("hours", ["always", "Mo 09:00"])
async def test_hours_that_cannot_be_read_are_not_kept(world_sqlite: World, hours: str) -> None:
    refused = await world_sqlite.graphql("potsdam", SET, {"values": {"hours": hours}}, roles=("tenant-admin",))
    (error,) = refused.data["changePluginSettings"]["errors"]
    assert "hours" in error["field"]
    answer = await world_sqlite.graphql("potsdam", "{ {{ cookiecutter.__root }} { hours } }")
    assert answer.data["{{ cookiecutter.__root }}"] == {"hours": "Mo-Fr 09:00-17:00"}
