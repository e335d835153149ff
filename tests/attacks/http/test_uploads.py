"""What may be sent, and by whom: sizes, numbers, packed floods, content that is not what it says."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from regiohub.testing import World, text_of

MIB = 1 << 20
PLAIN = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>'
LOGO = "branding/logo"


async def test_a_form_with_files_ends_at_its_limit_and_keeps_nothing(world_sqlite: World) -> None:
    smaller = {"body_max_bytes": 2048, "upload_max_bytes": 2 * MIB}
    world_sqlite.platform.settings = world_sqlite.platform.settings.model_copy(update=smaller)
    staff = await world_sqlite.console("potsdam", roles=("tenant-admin",))
    before = _files(world_sqlite)
    answer = await staff.post(LOGO, files={"logo": ("logo.png", b"0" * (2 * MIB), "image/png")})
    assert answer.status_code == 413
    assert _files(world_sqlite) == before


async def test_who_is_not_signed_in_sends_in_vain(world_sqlite: World) -> None:
    """Without a session nothing of the form is read: a flood costs the one who sends it."""
    taken = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(25):
            taken += 1
            yield b"0" * MIB

    head = {"content-type": "multipart/form-data; boundary=x", "accept": "text/html"}
    answer = await world_sqlite.client.post(f"/console/potsdam/{LOGO}", content=flood(), headers=head)
    assert answer.status_code in (303, 401, 403)
    assert answer.headers.get("location", "/auth/").startswith(("/auth/", "/console/"))


async def test_thousands_of_fields_and_files_are_refused_in_words(world_sqlite: World) -> None:
    staff = await world_sqlite.console("potsdam", roles=("tenant-admin",))
    fields = await staff.post(LOGO, {f"field-{number}": "x" for number in range(3000)}, files={"logo": b""})
    many = await staff.post(LOGO, files=[(f"file-{number}", ("x", b"x")) for number in range(1200)])
    for answer in (fields, many):
        assert answer.status_code == 400
        assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--"]
)
async def test_a_form_that_is_cut_off_is_an_error_of_the_sender(world_sqlite: World, body: bytes) -> None:
    staff = await world_sqlite.console("potsdam", roles=("tenant-admin",))
    head = {
        "content-type": "multipart/form-data; boundary=x", "accept": "text/html", "origin": "http://127.0.0.1:8000",
        "cookie": "; ".join(f"{name}={value}" for name, value in staff.cookie.items()),
    }  # fmt: skip
    answer = await world_sqlite.client.post(f"/console/potsdam/{LOGO}", content=body, headers=head)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("path", ["/potsdam/graphql", "/region/graphql"])
async def test_a_packed_body_is_not_unpacked(world_sqlite: World, path: str) -> None:
    bomb = gzip.compress(b" " * (100 * MIB), compresslevel=1)
    assert len(bomb) < MIB
    head = {"content-type": "application/json", "content-encoding": "gzip"}
    tracemalloc.start()
    try:
        answer = await world_sqlite.client.post(path, content=bomb, headers=head)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 400 <= answer.status_code < 500
    assert peak < 20 * MIB, f"{peak / MIB:.1f} MiB for a body of {len(bomb) / MIB:.2f} MiB"


@pytest.mark.parametrize(
    "drawing",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://evil.example/x"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><use href="https://evil.example/x#a"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
        b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    ],
    ids=["script", "handler", "image", "use", "bomb of entities", "file of the server", "page"],
)
async def test_a_drawing_with_anything_that_runs_or_loads_is_no_logo(world_sqlite: World, drawing: bytes) -> None:
    staff = await world_sqlite.console("potsdam", roles=("tenant-admin",))
    answer = await staff.post(LOGO, files={"logo": ("logo.svg", drawing, "image/svg+xml")})
    assert answer.status_code == 422, text_of(answer)
    assert (await world_sqlite.client.get("/potsdam/logo")).status_code == 404


async def test_a_logo_that_is_opened_by_itself_runs_nothing(world_sqlite: World) -> None:
    staff = await world_sqlite.console("potsdam", roles=("tenant-admin",))
    assert (await staff.post(LOGO, files={"logo": ("logo.svg", PLAIN, "image/png")})).status_code == 303
    answer = await world_sqlite.client.get("/potsdam/logo")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy


def _files(world: World) -> set[Path]:
    return set(world.platform.settings.data_dir.rglob("*"))
