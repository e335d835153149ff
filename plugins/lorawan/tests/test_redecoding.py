"""Decoding stored messages again is long work in small steps, whose progress is what has really been done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from regiohub.api import Ctx, DomainError, Forbidden, Work, WorkState, work_of
from regiohub.testing import World
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.service import catalogue, profiles, redecoding
from regiohub_lorawan.service.redecoding import Selection
from regiohub_lorawan.testing import CODEC, TEMPERATURE, Sensor, register, send, up


async def begin(sensor: Sensor, wanted: Selection) -> Work:
    return await sensor.scope.run(lambda ctx: redecoding.begin(ctx, wanted))


async def state(sensor: Sensor, work: Work) -> tuple[WorkState, int, int]:
    async with sensor.scope.read() as ctx:
        found = await work_of(ctx, work.id)
    assert found is not None
    return found.state, found.done, found.failed


async def test_many_messages_go_in_steps_that_count_what_is_done(
    world: World, sensor: Sensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redecoding, "_STEP", 4)
    now = world.clock.now()
    await send(sensor.scope, *(up(now - timedelta(minutes=n), f_cnt=n, f_port=9 if n == 3 else 1) for n in range(10)))
    work = await begin(sensor, Selection(profile_id=sensor.profile_id))
    assert work.total == 10
    seen: list[tuple[WorkState, int, int]] = []
    step = redecoding.step

    async def watched(ctx: Ctx, payload: dict[str, Any]) -> None:
        await step(ctx, payload)
        found = await work_of(ctx, work.id)
        assert found is not None
        await ctx.session.refresh(found)
        seen.append((found.state, found.done, found.failed))

    object.__setattr__(redecoding.STEP, "run", watched)
    try:
        await world.work()
    finally:
        object.__setattr__(redecoding.STEP, "run", step)
    assert [done + failed for _, done, failed in seen] == [4, 8, 10]
    assert seen[-1] == (WorkState.DONE, 9, 1)


async def test_new_limits_mark_old_values_when_they_are_decoded_again(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now(), 25))
    plan = replace(TEMPERATURE, maximum=20)
    await sensor.scope.run(lambda ctx: profiles.save_mapping(ctx, sensor.profile_id, plan))
    await begin(sensor, Selection(device_id=sensor.device_id))
    await world.work()
    document = f'{{ lorawan {{ datastream(id: "{sensor.temperature.id}") {{ latest {{ quality }} }} }} }}'
    answer = await world.graphql("potsdam", document)
    assert answer.data["lorawan"]["datastream"]["latest"] == {"quality": "IMPLAUSIBLE"}


async def test_only_messages_of_the_span_and_of_the_named_device_are_touched(world: World, sensor: Sensor) -> None:
    await register(sensor.scope, eui="0" * 15 + "2", name="Andere")
    now = world.clock.now()
    await send(sensor.scope, *(up(now - timedelta(hours=n), f_cnt=n) for n in range(5)))
    await send(sensor.scope, up(now, eui="0" * 15 + "2"))
    span = Selection(device_id=sensor.device_id, start=now - timedelta(hours=3), stop=now - timedelta(hours=1))
    assert (await begin(sensor, span)).total == 2


async def test_work_without_messages_is_done_at_once(world: World, sensor: Sensor) -> None:
    work = await begin(sensor, Selection(codec_id=sensor.codec_id))
    assert await state(sensor, work) == (WorkState.DONE, 0, 0)


async def test_failing_codec_leaves_its_messages_failed_and_the_work_done(world: World, sensor: Sensor) -> None:
    await send(sensor.scope, up(world.clock.now()))
    broken = CODEC.replace("return {", "null.x; return {")
    await sensor.scope.run(lambda ctx: catalogue.update_codec(ctx, sensor.codec_id, broken, None))
    work = await begin(sensor, Selection(codec_id=sensor.codec_id))
    await world.work()
    assert await state(sensor, work) == (WorkState.DONE, 0, 1)
    answer = await world.graphql("potsdam", "{ lorawan { messages { nodes { state errorCode } } } }", roles=("editor",))
    assert answer.data["lorawan"]["messages"]["nodes"] == [
        {"state": MessageState.FAILED.name, "errorCode": "CODEC_EXCEPTION"}
    ]


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        (Selection(), "INVALID_INPUT", "codecId"),
        (Selection(codec_id=UUID(int=1), device_id=UUID(int=2)), "INVALID_INPUT", "codecId"),
        (Selection(profile_id=UUID(int=1)), "NOT_FOUND", "profileId"),
    ],
)
async def test_selection_names_one_thing_that_exists(
    world_sqlite: World, wanted: Selection, code: str, field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        await world_sqlite.scope("potsdam").run(lambda ctx: redecoding.begin(ctx, wanted))
    assert (caught.value.code, caught.value.field) == (code, field)


async def test_right_is_asked_for_in_the_service(world_sqlite: World) -> None:
    scope = world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=("auditor",)))
    with pytest.raises(Forbidden):
        await scope.run(lambda ctx: redecoding.begin(ctx, Selection(codec_id=UUID(int=1))))
