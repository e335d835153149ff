"""Whatever answers, on whichever address, tells browsers what they may not do with it."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from regiohub.testing import World

from .surface import Address, addresses

ALWAYS = (
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "x-request-id",
)
ACTIVE = re.compile(r"text/html|application/xhtml|image/svg|(text|application)/xml|\+xml")
"""Kinds of content that a browser would run scripts of, if it opened them as a page."""
SOMETHING = str(UUID(int=7))


def _path(address: Address) -> str:
    names = {"tenant": "potsdam", "town": "potsdam", "slug": "potsdam"}
    return address.at([names.get(name, SOMETHING) for name in address.parameters])


@pytest.fixture
async def answers(world_sqlite: World) -> list[tuple[Address, httpx.Response]]:
    """What every address says to a page of another site: to nobody, and to somebody with all rights in the town."""
    token = world_sqlite.token("potsdam", roles=("tenant-admin",))
    found: list[tuple[Address, httpx.Response]] = []
    for address in addresses(world_sqlite.app):
        for headers in ({"Accept": "text/html"}, {"Authorization": f"Bearer {token}"}):
            origin = {"Origin": "https://evil.example"}
            answer = await world_sqlite.client.request(address.method, _path(address), headers=origin | headers)
            found.append((address, answer))
    return found


async def test_every_answer_of_every_address_is_protected(answers: list[tuple[Address, httpx.Response]]) -> None:
    assert len({address for address, _ in answers}) > 200
    faults: set[str] = set()
    kinds: set[str] = set()
    for address, answer in answers:
        kind = answer.headers.get("content-type", "")
        kinds.add(kind.partition(";")[0])
        faults |= {f"{address}: no {name}" for name in ALWAYS if name not in answer.headers}
        faults |= {f"{address}: says {name}" for name in ("server", "x-powered-by") if name in answer.headers}
        if ACTIVE.search(kind) and "default-src 'none'" not in answer.headers.get("content-security-policy", ""):
            faults.add(f"{address}: {kind} without a policy")
        # What everybody may read may be read from anywhere, and never with the reader's cookies.
        if answer.headers.get("access-control-allow-origin") not in (None, "*"):
            faults.add(f"{address}: opens itself to a foreign site")
        if "access-control-allow-credentials" in answer.headers:
            faults.add(f"{address}: lets foreign sites send cookies")
    assert sorted(faults) == []
    assert {"text/html", "application/json"} <= kinds


async def test_cookies_are_out_of_reach_for_scripts_and_other_sites(world_sqlite: World) -> None:
    kept: set[str] = set()
    for path in ("/auth/login?next=/console/potsdam/", "/console/potsdam/?lang=en", "/potsdam/?lang=en"):
        answer = await world_sqlite.client.get(path, headers={"Accept": "text/html"})
        for cookie in answer.headers.get_list("set-cookie"):
            kept.add(cookie.partition("=")[0])
            assert "httponly" in cookie.lower()
            assert re.search(r"samesite=(lax|strict)", cookie.lower())
    assert kept
