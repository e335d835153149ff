"""The traffic light is worked out in the database, the same as in Python, and lists filter by it."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from regiohub.testing import World
from regiohub_health_directory.models import Service
from regiohub_health_directory.service.freshness import (
    HealthFreshness,
    freshness,
    freshness_now,
    is_fresh,
    today,
)

from .conftest import Add
from .test_editing import STAFF

TOWN = "bad-belzig"
LIST = """query($filter: HealthServiceFilter) { healthDirectory { services(filter: $filter) { nodes { name freshness } }
  } }"""
SUMMARY = "{ healthDirectory { freshnessSummary { fresh due stale } } }"
STATUS = """mutation($id: ID!) { setHealthServiceStatus(id: $id, status: INACTIVE) {
  service { status } errors { code } } }"""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(age=st.one_of(st.none(), st.integers(-2, 800)))
async def test_sql_python_and_filter_agree_for_any_age(world: World, add: Add, age: int | None) -> None:
    one = await add("Praxis")
    async with world.scope(TOWN).write() as ctx:
        checked = None if age is None else today(ctx) - timedelta(days=age)
        await ctx.session.execute(update(Service).where(Service.id == one).values(verified_on=checked))
    async with world.scope(TOWN).read() as ctx:
        row = (await ctx.session.execute(select(Service, freshness_now(ctx)).where(Service.id == one))).one()
        light = freshness(row[0], ctx)
        assert row[1] == light.value
        shown = [
            candidate
            for candidate in HealthFreshness
            if await ctx.session.scalar(select(Service.id).where(Service.id == one, is_fresh(ctx, candidate)))
        ]
        assert shown == [light]


async def test_lists_filter_by_light_and_the_summary_counts_public_entries(world: World, add: Add) -> None:
    one, gone = await add("Frisch"), await add("Weg")
    await add("Nie geprüft")
    document = "mutation($id: ID!) { verifyHealthService(id: $id) { errors { code } } }"
    await world.graphql(TOWN, document, {"id": str(one)}, roles=STAFF)
    hidden = await world.graphql(TOWN, STATUS, {"id": str(gone)}, roles=STAFF)
    assert hidden.data["setHealthServiceStatus"]["service"] == {"status": "INACTIVE"}

    async def names(given: dict[str, Any], **who: Any) -> list[str]:
        found = await world.graphql(TOWN, LIST, {"filter": given}, **who)
        return [node["name"] for node in found.data["healthDirectory"]["services"]["nodes"]]

    assert await names({"freshness": ["FRESH"]}) == ["Frisch"]
    assert await names({"freshness": ["DUE", "STALE"]}) == ["Nie geprüft"]
    assert await names({"status": ["INACTIVE"]}) == []
    assert await names({"status": ["INACTIVE"]}, roles=STAFF) == ["Weg"]
    counted = await world.graphql(TOWN, SUMMARY, roles=STAFF)
    assert counted.data["healthDirectory"]["freshnessSummary"] == {"fresh": 1, "due": 0, "stale": 1}
