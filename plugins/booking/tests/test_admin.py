"""Administration of resources: what makes sense is stored, everything else is refused with its field."""

from datetime import date
from typing import Any

import pytest

from regiohub.api import DomainError
from regiohub_booking.service.admin import set_special_days, update_resource

from .conftest import DAILY, House, span

CREATE = """mutation ($input: CreateResourceInput!) {
  createResource(input: $input) {
    resource { id slug units rasterMinutes cancelHours } errors { code field message } } }"""
UPDATE = """mutation ($input: UpdateResourceInput!) {
  updateResource(input: $input) { resource { name persons notice: noticeHours } errors { code field } } }"""


async def test_staff_create_and_change_a_room(house: House) -> None:
    basics = {"slug": "atelier", "kind": "ROOM", "name": "Atelier", "placeId": str(house.place_id), "opening": DAILY}
    refused = await house.world.graphql("potsdam", CREATE, {"input": basics}, subject="anna")
    assert refused.codes == ["FORBIDDEN"]
    made = await house.world.graphql("potsdam", CREATE, {"input": basics}, roles=("editor",))
    resource = made.data["createResource"]["resource"]
    assert {key: resource[key] for key in ("slug", "units", "rasterMinutes", "cancelHours")} == {
        "slug": "atelier",
        "units": 1,
        "rasterMinutes": 15,
        "cancelHours": 24,
    }
    twice = await house.world.graphql("potsdam", CREATE, {"input": basics}, roles=("editor",))
    assert twice.data["createResource"]["errors"][0]["field"] == "slug"
    change = {"id": resource["id"], "name": "Atelier am Fluss", "persons": 14, "noticeHours": 2}
    changed = await house.world.graphql("potsdam", UPDATE, {"input": change}, roles=("editor",))
    assert changed.data["updateResource"]["resource"] == {"name": "Atelier am Fluss", "persons": 14, "notice": 2}
    for field in ("name", "units", "opening"):
        null = {"id": resource["id"], field: None}
        emptied = await house.world.graphql("potsdam", UPDATE, {"input": null}, roles=("editor",))
        assert emptied.data["updateResource"]["errors"] == [{"code": "INVALID_INPUT", "field": field}]
    cleared = await house.world.graphql(
        "potsdam", UPDATE, {"input": {"id": resource["id"], "persons": None}}, roles=("editor",)
    )
    assert cleared.data["updateResource"]["resource"] == {"name": "Atelier am Fluss", "persons": None, "notice": 2}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"units": 0}, "units"),
        ({"units": 501}, "units"),
        ({"raster_minutes": 7}, "rasterMinutes"),
        ({"min_minutes": 120, "max_minutes": 60}, "maxMinutes"),
        ({"buffer_before_minutes": 2000}, "bufferBeforeMinutes"),
        ({"equipment": ["Beamer!"]}, "equipment"),
        ({"opening": 5}, "opening"),
        ({"opening": [["08:00", "22:00"]]}, "opening"),
        ({"opening": {"monday": []}}, "opening"),
        ({"opening": {"mon": [["08:00"]]}}, "opening"),
        ({"opening": {"mon": [["25:00", "26:00"]]}}, "opening"),
        ({"opening": {"mon": [["08:00", "12:00"], ["11:00", "14:00"]]}}, "opening"),
        ({"opening": {"mon": "08:00-12:00"}}, "opening"),
        ({"lock_adapter": "brick"}, "lockAdapter"),
    ],
)
async def test_senseless_resources_are_refused_with_their_field(
    house_sqlite: House, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        await house_sqlite.resource(**changes)
    assert (caught.value.code, caught.value.field) == ("INVALID_INPUT", field)
    room = await house_sqlite.resource()
    if field == "slug":
        return
    with pytest.raises(DomainError) as again:
        await house_sqlite.do(lambda ctx: update_resource(ctx, room.id, changes), house_sqlite.editor)
    assert (again.value.code, again.value.field) == ("INVALID_INPUT", field)


async def test_senseless_special_days_are_refused_with_their_field(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    day, before = date(2026, 6, 12), date(2026, 6, 11)
    for last, windows, field in (
        (before, [], "lastDay"),
        (day, [["08:00"]], "windows"),
        (day, [["a", "b"]], "windows"),
    ):
        with pytest.raises(DomainError) as caught:
            await house_sqlite.do(
                lambda ctx, last=last, windows=windows: set_special_days(
                    ctx, room.id, first=day, last=last, windows=windows, reason=None
                ),
                house_sqlite.editor,
            )
        assert (caught.value.code, caught.value.field) == ("INVALID_INPUT", field)


async def test_a_room_cannot_become_a_part_of_itself(house_sqlite: House) -> None:
    house = house_sqlite
    whole = await house.resource("halle")
    part = await house.resource("nord", whole_id=whole.id)
    for resource, above in ((whole, part), (whole, whole)):
        with pytest.raises(DomainError) as caught:
            await house.do(
                lambda ctx, a=resource, b=above: update_resource(ctx, a.id, {"whole_id": b.id}), house.editor
            )
        assert caught.value.field == "wholeId"


async def test_units_that_are_booked_cannot_be_taken_away(house: House) -> None:
    item = await house.resource("stuhl", kind="item", units=5)
    await house.book(item, span("2026-06-10", "18:00", "20:00"), quantity=4)
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: update_resource(ctx, item.id, {"units": 3}), house.editor)
    assert (caught.value.code, caught.value.field) == ("CONFLICT", "units")
    changed = await house.do(lambda ctx: update_resource(ctx, item.id, {"units": 4}), house.editor)
    assert changed.units == 4


async def test_shorter_opening_hours_leave_bookings_as_they_are(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    await house.book(room, span("2026-06-10", "18:00", "20:00"))
    await house.do(lambda ctx: update_resource(ctx, room.id, {"opening": {"mon": [["08:00", "12:00"]]}}), house.editor)
    answer = await house.world.graphql("potsdam", "{ booking { myBookings { totalCount } } }", subject="anna")
    assert answer.data["booking"]["myBookings"]["totalCount"] == 1


async def test_only_staff_block_time(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    document = """mutation ($input: BlockTimeInput!) {
      blockTime(input: $input) { block { id startsAt reason } errors { code field } } }"""
    wish = {
        "resourceId": str(room.id),
        "day": "2026-06-10",
        "startTime": "08:00",
        "endTime": "12:00",
        "reason": "Putzen",
    }
    assert (await house_sqlite.world.graphql("potsdam", document, {"input": wish}, subject="anna")).codes == [
        "FORBIDDEN"
    ]
    done = await house_sqlite.world.graphql("potsdam", document, {"input": wish}, roles=("editor",))
    assert done.data["blockTime"]["block"]["reason"] == "Putzen"
    silent = await house_sqlite.world.graphql("potsdam", document, {"input": {**wish, "reason": ""}}, roles=("editor",))
    assert silent.data["blockTime"]["errors"] == [{"code": "INVALID_INPUT", "field": "reason"}]
