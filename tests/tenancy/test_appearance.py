"""Colours, logo and the texts of the start page: from the file, and above it from the console."""

from __future__ import annotations

import base64
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.audit import list_entries
from regiohub.errors import Forbidden, InvalidInput, NotFound
from regiohub.tenancy.appearance import change_appearance, logo_path, remove_logo, reset_appearance, set_logo
from regiohub.tenancy.appearance.logo import MOST_BYTES, kind_of_logo
from regiohub.testing import World
from regiohub.testing.console import text_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g fill="url(#a)"><path d="M0 0h9v9z"/></g></svg>'


def png(width: int = 8, height: int = 8) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(b"".join(b"\x00" + b"\xff" * width for _ in range(min(height, 64))))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_colours_hold_at_once_and_go_back_to_the_file(world: World) -> None:
    before = world.tenant("potsdam").branding["primary"]
    scope = world.scope("potsdam")
    assert await scope.run(lambda ctx: change_appearance(ctx, {"primary": "#004d40"})) == ["primary"]
    assert "#004d40" in (await world.client.get("/potsdam/theme.css")).text
    assert "#004d40" not in (await world.client.get("/bad-belzig/theme.css")).text
    await scope.run(lambda ctx: reset_appearance(ctx, ["primary"]))
    assert world.tenant("potsdam").branding["primary"] == before
    async with scope.read() as ctx:
        entries = [entry for entry in await list_entries(ctx) if entry.action == "tenant.branding_changed"]
    assert [(entry.before, entry.after) for entry in entries] == [
        ({"primary": "#004d40"}, {"primary": None}),
        ({"primary": before}, {"primary": "#004d40"}),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"primary": "#ffff00"}, "primary"),
        ({"primary": "red"}, "primary"),
        ({"sign_language_url": "http://video.example/dgs"}, "sign_language_url"),
        ({"moon": "x"}, "moon"),
    ],
    ids=["white text cannot be read", "no colour", "no https", "unknown"],
)
async def test_what_cannot_be_shown_is_refused_at_its_field(
    world_sqlite: World, values: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await world_sqlite.scope("potsdam").run(lambda ctx: change_appearance(ctx, values))
    assert refused.value.field == field


@pytest.mark.parametrize(("data", "kind", "media"), [(SVG, "svg", "image/svg+xml"), (png(), "png", "image/png")])
async def test_a_logo_is_served_so_that_it_can_run_nothing(world: World, data: bytes, kind: str, media: str) -> None:
    assert (await world.client.get("/potsdam/logo")).status_code == 404
    assert await world.scope("potsdam").run(lambda ctx: set_logo(ctx, data)) == kind
    answer = await world.client.get("/potsdam/logo")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, media, data)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert '<img class="band__logo" src="/potsdam/logo' in (await world.client.get("/potsdam/")).text
    await world.scope("potsdam").run(remove_logo)
    assert (await world.client.get("/potsdam/logo")).status_code == 404
    with pytest.raises(NotFound):
        await world.scope("potsdam").run(remove_logo)


SPACE = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\nbroken",
        png()[:-4],
        png(width=5000),
        b"x" * (MOST_BYTES + 1),
        b"<html></html>",
        b"<svg/>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><path></svg>',
        SPACE + b"<script>alert(1)</script></svg>",
        SPACE + b'<path onload="alert(1)"/></svg>',
        SPACE + b'<a href="https://evil.example"><path/></a></svg>',
        SPACE + b'<use xlink:href="https://evil.example/x.svg#a"/></svg>',
        SPACE + b'<image href="data:image/png;base64,AAAA"/></svg>',
        SPACE + b'<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject></svg>',
        SPACE + b'<path style="fill:url( https://evil.example/x )"/></svg>',
        SPACE + b"<style>@import 'https://evil.example/x.css';</style></svg>",
        SPACE + b"<style>path{fill:url(&quot;//evil.example/x&quot;)}</style></svg>",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SPACE + b"<text>&a;</text></svg>",
    ],
)
def test_files_that_are_no_harmless_small_image_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        kind_of_logo(data)
    assert refused.value.field == "logo"


@given(st.binary(max_size=400))
def test_any_bytes_are_an_image_or_a_refusal(data: bytes) -> None:
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"<svg"):
        with suppress(InvalidInput):
            assert kind_of_logo(head + data) in ("png", "svg")


async def test_the_start_page_shows_plain_language_and_the_way_to_sign_language(world_sqlite: World) -> None:
    words = "Das ist Potsdam.\n\n<b>Hier</b> steht Wichtiges."
    values = {"plain_language": words, "sign_language_url": "https://v.example/d"}
    await world_sqlite.scope("potsdam").run(lambda ctx: change_appearance(ctx, values))
    page = await world_sqlite.client.get("/potsdam/", headers={"accept": "text/html"})
    assert "Das ist Potsdam." in text_of(page)
    assert "&lt;b&gt;Hier" in page.text
    assert 'href="https://v.example/d"' in page.text
    assert "Leichte Sprache" not in (await world_sqlite.client.get("/bad-belzig/")).text


async def test_only_those_who_may_change_settings_change_the_appearance(world_sqlite: World) -> None:
    scope = world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=("editor",)))
    with pytest.raises(Forbidden):
        await scope.run(lambda ctx: change_appearance(ctx, {"primary": "#004d40"}))
    with pytest.raises(Forbidden):
        await scope.run(lambda ctx: set_logo(ctx, SVG))
    assert logo_path(world_sqlite.platform, world_sqlite.tenant("potsdam")) is None


async def test_branding_over_graphql(world_sqlite: World) -> None:
    document = """mutation ($values: BrandingInput!, $logo: String!) {
        changeBranding(input: $values) { branding { primary plainLanguage logo } errors { field } }
        uploadLogo(base64: $logo) { errors { field } } }"""
    variables = {"values": {"primary": "#004d40", "plainLanguage": "Kurz."}, "logo": base64.b64encode(SVG).decode()}
    answer = await world_sqlite.graphql("potsdam", document, variables, roles=["tenant-admin"])
    assert answer.errors == []
    assert answer.data["changeBranding"]["errors"] == []
    assert answer.data["uploadLogo"]["errors"] == []
    shown = await world_sqlite.graphql("potsdam", "{ branding { primary plainLanguage logo } }")
    assert shown.data["branding"] == {"primary": "#004d40", "plainLanguage": "Kurz.", "logo": "/potsdam/logo"}
    for logo in ("???", "Ü", "aGFsbG8"):
        wrong = await world_sqlite.graphql("potsdam", document, {**variables, "logo": logo}, roles=["tenant-admin"])
        assert wrong.data["uploadLogo"]["errors"] == [{"field": "logo"}]


async def test_a_logo_is_uploaded_in_the_console_and_a_wrong_one_is_refused_at_its_field(world_sqlite: World) -> None:
    client = await world_sqlite.console("potsdam", roles=["tenant-admin"])
    wrong = await client.post("branding/logo", files={"logo": ("x.svg", b"<svg/>", "image/svg+xml")})
    assert wrong.status_code == 422
    assert 'id="f-logo-fault"' in wrong.text
    nothing = await client.post("branding/logo", {})
    assert "Bitte eine Datei wählen" in text_of(nothing)
    done = await client.post("branding/logo", files={"logo": ("x.svg", SVG, "image/svg+xml")})
    assert done.status_code == 303
    assert "/potsdam/logo?" in (await client.get("branding")).text
