"""Claims that are renewed while their work goes on, and ends that are written down however long that takes."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from regiohub.events import keeping
from regiohub.events.keeping import ClaimLost, kept, surely

GONE = OperationalError("UPDATE", {}, OSError("the database is away"))


async def test_a_claim_is_renewed_until_its_work_ends_also_after_the_database_was_away() -> None:
    asked, enough = 0, asyncio.Event()

    async def renew() -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise GONE
        if asked == 4:
            enough.set()
        return True

    async with kept(renew, every=0.01):
        await asyncio.wait_for(enough.wait(), 10)
    ended = asked
    await asyncio.sleep(0.05)
    assert asked == ended


async def test_work_whose_claim_was_lost_is_ended() -> None:
    async def renew() -> bool:
        return False

    with pytest.raises(ClaimLost):
        async with kept(renew, every=0.01):
            await asyncio.sleep(3600)


async def test_faults_and_time_limits_of_the_work_itself_stay_what_they_are() -> None:
    async def renew() -> bool:
        return True

    with pytest.raises(ValueError, match="mine"):
        async with kept(renew):
            raise ValueError("mine")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), kept(renew):
            await asyncio.sleep(3600)


async def test_an_end_is_recorded_as_soon_as_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 0.0)
    asked = 0

    async def write() -> None:
        nonlocal asked
        asked += 1
        if asked < 4:
            raise GONE

    await surely(write, "sampler.do")
    assert asked == 4
    monkeypatch.setattr(keeping, "MOST_RETRIES", 2)
    asked = -10
    with pytest.raises(OperationalError):
        await surely(write, "sampler.do")
