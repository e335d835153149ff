"""Odd requests at every address of the application: none is a server error, none tells of the inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from regiohub.testing.depth import is_full
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.world import World
from regiohub_lorawan.service import credentials

from .calling import Got, Sent, faults
from .marks import fill_with_marks, identifiers
from .rounds import TOWN, Fuzz
from .surface import addresses

EACH = 4
"""Requests for each address, twenty times as many at full depth."""
ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
GROUPS = (
    "/{tenant}/",
    "/console/{tenant}/",
    "/console/region/",
    "/auth/",
    "/{tenant}/hsds",
    "/{tenant}/lorawan/ingest",
)
UNREACHED: dict[str, str] = {}
"""Addresses where no odd request gets beyond the door, each with the reason."""

pytestmark = pytest.mark.timeout(1800)


async def filled(world: World) -> None:
    """Rows by chance in both towns."""
    await fill_with_marks(world)


@pytest.mark.parametrize("engine", ENGINES)
async def test_odd_requests_meet_no_fault_at_any_address(
    engine: Engine, installations: Installations, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    each = EACH * 20 if is_full() else EACH if engine == "sqlite" else 1
    async with installations.open_filled(Recipe(), engine, tmp_path, "marks", filled) as world:
        key = await world.scope(TOWN).run(lambda ctx: credentials.create_key(ctx, "fuzz"))
        fuzz = Fuzz(world, await identifiers(world), key.key)
        await fuzz.explore()
        outcome = await fuzz.fire(each)
    record_property("fuzzing", f"addresses on {engine}: {outcome.line()}")
    assert outcome.wrong == []
    assert outcome.requests > each * len(fuzz.addresses)
    if each >= EACH:
        left = {str(address) for address in fuzz.addresses if not outcome.reached[address]}
        assert left == UNREACHED.keys()


async def test_all_addresses_are_found(installations: Installations, tmp_path: Path) -> None:
    async with installations.open(Recipe(), "sqlite", tmp_path) as world:
        found = addresses(world.app)
    assert len(found) > 300
    for group in GROUPS:
        assert any(address.path.startswith(group) for address in found), group
    assert len({str(address) for address in found}) == len(found)


@pytest.mark.parametrize(
    ("got", "fault"),
    [
        (Got(500, {b"content-type": b"application/problem+json"}, b'{"code":"INTERNAL"}'), "status 500"),
        (Got(200, {}, b'Traceback (most recent call last)\n  File "x.py", line 1'), "words of the inside"),
        (Got(404, {b"content-type": b"text/plain"}, b'{"code":"X"}'), "a refusal as b'text/plain'"),
        (Got(404, {b"content-type": b"application/problem+json"}, b"{}"), "a refusal without a code"),
        (Got(200, {b"location": b"/\r\nInjected: 1"}, b""), "a header with a line break"),
    ],
)
def test_a_fault_would_be_noticed(got: Got, fault: str) -> None:
    assert faults(Sent("GET", b"/"), got) == [fault]
