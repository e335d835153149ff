"""Uploaded documents: what is taken, who may read it, and how it is served."""

import base64
import io
import os
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from regiohub.testing import World

from .test_procedures_graphql import EDITOR, UPDATE, created

ATTACH = """mutation($id: ID!, $input: ProcedureFileInput!) { attachProcedureFile(procedureId: $id, input: $input) {
  procedure { documents { nodes { id title url mediaType size sha256 altText copyright } } }
  errors { code field message } } }"""
PDF = b"%PDF-1.7\nexample"
PNG = b"\x89PNG\r\n\x1a\nexample"


def office(*names: str, mimetype: str = "") -> bytes:
    """A small package of office software with these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        if mimetype:
            package.writestr("mimetype", mimetype)
        for name in names:
            package.writestr(name, "x")
    return made.getvalue()


async def attach(world: World, procedure: str, name: str, content: bytes, **given: Any) -> Any:
    values = {"title": "Plan", "name": name, "content": base64.b64encode(content).decode(), **given}
    answer = await world.graphql("potsdam", ATTACH, {"id": procedure, "input": values}, roles=EDITOR)
    assert answer.errors == [], answer.errors
    return answer.data["attachProcedureFile"]


async def attached(world: World, procedure: str, name: str = "Plan für alle.pdf", content: bytes = PDF) -> Any:
    payload = await attach(world, procedure, name, content)
    assert payload["errors"] == []
    return payload["procedure"]["documents"]["nodes"][-1]


async def test_a_file_becomes_a_document_with_size_sort_and_checksum_and_is_served_for_saving(world: World) -> None:
    document = await attached(world, await created(world, documents=[]))
    assert document["url"].startswith("http://127.0.0.1:8000/potsdam/atlas/files/")
    assert document["url"].endswith("/plan-fuer-alle.pdf")
    assert (document["mediaType"], document["size"]) == ("application/pdf", len(PDF))
    answer = await world.client.get(document["url"])
    assert answer.status_code == 200
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="plan-fuer-alle.pdf"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_file_of_a_draft_is_nobodys(world: World) -> None:
    document = await attached(world, await created(world, publish=False, documents=[]))
    assert (await world.client.get(document["url"])).status_code == 404


async def test_a_file_of_one_town_is_not_found_in_another(world: World) -> None:
    document = await attached(world, await created(world, documents=[]))
    assert (await world.client.get(document["url"].replace("/potsdam/", "/bad-belzig/"))).status_code == 404


@pytest.mark.parametrize("name", ["..%2f..%2fsecret", "0" * 64, "0" * 63 + "/x"])
async def test_addresses_that_name_no_file_lead_nowhere(world: World, name: str) -> None:
    await attached(world, await created(world, documents=[]))
    assert (await world.client.get(f"/potsdam/atlas/files/{name}/x.pdf")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("seite.html", b"<script>alert(1)</script>"),
        ("bild.svg", b"<svg onload='alert(1)'/>"),
        ("plan.pdf", b"<html>%PDF-"),
        ("bild.png", PDF),
        ("leer.pdf", b""),
        ("ohne-endung", PDF),
        ("text.txt", b"a\x00b"),
        ("brief.docx", office("[Content_Types].xml", "xl/workbook.xml")),
        ("brief.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("brief.odt", office("content.xml")),
        ("brief.docx", b"PK\x03\x04broken"),
    ],
)
async def test_what_could_run_or_is_not_what_it_says_is_refused(world: World, name: str, content: bytes) -> None:
    payload = await attach(world, await created(world), name, content)
    assert (payload["errors"][0]["code"], payload["errors"][0]["field"]) == ("INVALID_INPUT", "file")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.docx", office("[Content_Types].xml", "word/document.xml")),
        ("Tabelle.ODS", office("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")),
        ("liste.csv", "Größe;Zahl\n1;2".encode("latin-1")),
        ("notiz.txt", "Grüße".encode()),
    ],
)
async def test_usual_office_files_are_taken(world: World, name: str, content: bytes) -> None:
    assert (await attach(world, await created(world), name, content))["errors"] == []


async def test_an_image_needs_its_text_and_its_rights_and_is_shown_in_place(world: World) -> None:
    procedure = await created(world, documents=[])
    payload = await attach(world, procedure, "haus.png", PNG)
    assert payload["errors"][0]["field"].endswith("altText")
    payload = await attach(world, procedure, "haus.png", PNG, altText="Ein Haus.")
    assert payload["errors"][0]["field"].endswith("copyright")
    payload = await attach(world, procedure, "haus.png", PNG, altText="Ein Haus.", copyright="Stadt Potsdam")
    (document,) = payload["procedure"]["documents"]["nodes"]
    assert (document["altText"], document["copyright"]) == ("Ein Haus.", "Stadt Potsdam")
    answer = await world.client.get(document["url"])
    assert answer.headers["content-disposition"].startswith("inline")


async def test_content_that_is_no_base64_is_refused(world: World) -> None:
    values = {"title": "Plan", "name": "a.pdf", "content": "§§"}
    answer = await world.graphql("potsdam", ATTACH, {"id": await created(world), "input": values}, roles=EDITOR)
    assert answer.data["attachProcedureFile"]["errors"][0]["field"] == "content"


async def test_files_without_a_document_are_cleared_away_after_a_day(world: World) -> None:
    procedure = await created(world, documents=[])
    document = await attached(world, procedure)
    kept = await attached(world, procedure, "andere.pdf", b"%PDF-other")
    only = {"documents": [{"title": "Andere", "url": kept["url"].split("/potsdam", 1)[1]}]}
    answer = await world.graphql("potsdam", UPDATE, {"id": procedure, "input": only}, roles=EDITOR)
    assert answer.data["updateProcedure"]["errors"] == []
    folder = world.scope("potsdam").data_dir / "atlas" / "files"
    assert len(list(folder.iterdir())) == 2
    long_ago = (world.clock.now() - timedelta(days=2)).timestamp()
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    from regiohub_atlas.jobs import sweep_files

    await sweep_files(world.scope("potsdam"))
    assert [path.name for path in folder.iterdir()] == [kept["sha256"]]
    assert (await world.client.get(document["url"])).status_code == 404
