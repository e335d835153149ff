"""What random requests have found once, each as one request: it must not come back."""

from __future__ import annotations

import orjson
import pytest

from regiohub.testing.world import World
from regiohub_lorawan.models import Gateway, GatewayHour

from .calling import Got, Sent, call, faults

FORM = b"application/x-www-form-urlencoded"


async def sound(world: World, sent: Sent) -> Got:
    """The answer, which must be in good order."""
    got = await call(world.app, sent)
    assert faults(sent, got) == []
    return got


@pytest.mark.parametrize("path", [b"/potsdam/atlas/dates.ics", b"/console/potsdam/", b"/potsdam/graphql", b"/nowhere/"])
@pytest.mark.parametrize("query", [b"q=\xff", b"\xff\xfe", b"q=%00"])
async def test_an_address_with_bytes_that_are_no_text_is_refused(
    world_sqlite: World, path: bytes, query: bytes
) -> None:
    got = await sound(world_sqlite, Sent("GET", path + b"?" + query, ((b"accept", b"application/json"),)))
    assert (got.status, orjson.loads(got.body)["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("booking/resources/new", {"place_id": "x", "owner_id": "[]", "whole_id": "0"}),
        ("booking/tariffs/new", {"subject": "place-x"}),
        ("booking/closures/new", {"subject": "resource-"}),
    ],
)
async def test_an_identifier_that_is_none_stands_in_the_form_again(
    world_sqlite: World, page: str, fields: dict[str, str]
) -> None:
    staff = await world_sqlite.console("potsdam", roles=["tenant-admin"])
    assert (await staff.get(page)).status_code == 200
    assert (await staff.post(page, fields)).status_code in (200, 422)


async def test_hours_in_which_a_gateway_heard_nothing_have_no_mean(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        ctx.session.add(Gateway(gateway_id="00000000000000aa", name="Turm", registered=True))
        hour = ctx.now().replace(minute=0)
        ctx.session.add(
            GatewayHour(
                bucket=hour,
                gateway_id="00000000000000aa",
                uplinks=0,
                rssi_best=0,
                rssi_total=0,
                snr_best=0,
                snr_total=0,
            )
        )
    staff = await world.console("potsdam", roles=["tenant-admin"])
    assert (await staff.get("lorawan/network")).status_code == 200
