"""The atlas's pages in the staff console: the whole life of a procedure without a line of GraphQL."""

import re
from typing import Any

import pytest

from regiohub.testing import World
from regiohub.testing.console import text_of

from .test_procedures_graphql import EDITOR, created

PLACE = '{"type": "Polygon", "coordinates": [[[13.02, 52.38], [13.04, 52.38], [13.04, 52.4], [13.02, 52.38]]]}'
DETAILS = {
    "title": "Umbau der Bäckerstraße", "kind": "dialogue", "start_precision": "month", "starts_on": "2026-05-01",
    "end_precision": "open", "topics": "Mobilität\nStadtgrün", "take_part": ["online", "on_site"],
    "cost_min": "1000,50",
}  # fmt: skip
PAGES = ("", "/edit", "/phases", "/place", "/dates", "/documents", "/people", "/texts", "/preview", "/status",
         "/phases/new", "/actors/new", "/links/new", "/dates/new", "/documents/new")  # fmt: skip


async def public(world: World, fields: str) -> Any:
    answer = await world.graphql("potsdam", f"{{ atlas {{ procedures {{ nodes {{ {fields} }} }} }} }}")
    assert answer.errors == [], answer.errors
    return answer.data["atlas"]["procedures"]["nodes"]


async def test_a_procedure_is_made_described_placed_and_published_by_its_pages(world: World) -> None:
    client = await world.console("potsdam", roles=EDITOR)
    edit = await client.done("atlas/procedures/new", {"title": "Umbau", "kind": "survey"})
    here = edit.removesuffix("/edit")
    await client.done(edit, DETAILS)
    await client.done(f"{here}/place", {"place": PLACE, "place_label": "Bäckerstraße", "districts": "Mitte"})
    await client.done(f"{here}/phases/new", {"kind": "participation", "title": "Mitreden", "starts_on": "2026-05-01"})
    await client.done(f"{here}/actors/new", {"name": "Bauamt", "role": "lead"})
    await client.done(f"{here}/links/new", {"title": "Mehr", "url": "https://example.org", "kind": "website"})
    await client.done(f"{here}/dates/new", {"title": "Treffen", "day": "2026-07-01", "status": "confirmed"})
    assert await public(world, "title") == []
    asked = await client.post(f"{here}/publish")
    assert asked.status_code == 200
    assert "Alle sehen es sofort" in text_of(asked)
    assert await public(world, "title") == []
    await client.done(f"{here}/publish", {"confirmed": "yes"})
    (node,) = await public(
        world,
        "title kind startPrecision costMin place placeLabel districts takePart topics { title } "
        "phases { nodes { title } } actors { nodes { name role } } links { nodes { url } } "
        "dates { nodes { title day } }",
    )
    assert node["title"] == "Umbau der Bäckerstraße"
    assert node["kind"] == "DIALOGUE"
    assert node["startPrecision"] == "MONTH"
    assert float(node["costMin"]) == 1000.5
    assert node["place"]["type"] == "Polygon"
    assert node["districts"] == ["Mitte"]
    assert sorted(node["takePart"]) == ["ONLINE", "ON_SITE"]
    assert [topic["title"] for topic in node["topics"]] == ["Mobilität", "Stadtgrün"]
    assert node["phases"]["nodes"] == [{"title": "Mitreden"}]
    assert node["actors"]["nodes"] == [{"name": "Bauamt", "role": "LEAD"}]
    assert node["dates"]["nodes"] == [{"title": "Treffen", "day": "2026-07-01"}]
    await client.done(f"{here}/withdraw", {"confirmed": "yes"})
    assert await public(world, "title") == []


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_of_a_procedure_is_there_in_both_languages(world: World, language: str) -> None:
    phases = [{"kind": "PARTICIPATION", "startsOn": "2026-05-01", "title": "Mitreden"}]
    procedure = await created(world, publish=False, phases=phases)
    client = await world.console("potsdam", roles=EDITOR)
    for path in ("procedures", "procedures/new", "texts", "import", *(f"procedures/{procedure}{p}" for p in PAGES)):
        page = await client.get(f"atlas/{path}?lang={language}")
        assert page.status_code == 200, (path, text_of(page))
        assert f'<html lang="{language}">' in page.text
    words = text_of(await client.get(f"atlas/procedures/{procedure}/preview?lang={language}"))
    assert ("Vorschau eines Entwurfs" if language == "de" else "Preview of a draft") in words


async def test_the_list_is_filtered_sorted_and_exported(world: World) -> None:
    await created(world, title="Spielplatz", kind="SURVEY", topics=[{"title": "Kinder"}])
    await created(world, title="Radweg", publish=False, phases=[{"kind": "PARTICIPATION", "startsOn": "2026-05-01"}])
    client = await world.console("potsdam", roles=EDITOR)

    async def titles(query: str) -> list[str]:
        page = await client.get(f"atlas/procedures?{query}")
        return re.findall(r'<a href="/console/potsdam/atlas/procedures/[0-9a-f-]{36}">\s*([^<\n]+)', page.text)

    assert await titles("procedures.sort=title") == ["Radweg", "Spielplatz"]
    assert await titles("procedures.q=spielpl") == ["Spielplatz"]
    assert await titles("procedures.topic=kinder") == ["Spielplatz"]
    assert await titles("procedures.phase=participation") == ["Radweg"]
    assert await titles("procedures.kind=survey") == ["Spielplatz"]
    assert await titles("procedures.drafts=1") == ["Radweg"]
    assert await titles("procedures.status=cancelled") == []
    exported = await client.get("atlas/procedures?format=csv&list=procedures")
    assert exported.headers["content-type"].startswith("text/csv")
    assert "Spielplatz" in exported.text


async def test_the_map_leads_to_the_pages_and_tells_status_by_kind(world: World) -> None:
    procedure = await created(world)
    client = await world.console("potsdam", roles=EDITOR)
    (feature,) = (await client.get("atlas/map.json")).json()["features"]
    assert feature["geometry"]["type"] == "LineString"
    assert feature["properties"]["url"] == f"/console/potsdam/atlas/procedures/{procedure}"
    assert feature["properties"]["kind"] == "good"


async def test_faults_stand_at_their_fields_and_what_was_typed_stays(world: World) -> None:
    procedure = await created(world, publish=False)
    client = await world.console("potsdam", roles=EDITOR)
    page = await client.post(f"atlas/procedures/{procedure}/edit", {**DETAILS, "title": "U", "cost_text": "viel"})
    assert page.status_code == 422
    assert "viel" in page.text
    page = await client.post(f"atlas/procedures/{procedure}/edit", {**DETAILS, "cost_min": "9", "cost_max": "1"})
    assert page.status_code == 422
    assert re.search(r'id="f-cost_max-fault"', page.text)
    page = await client.post(f"atlas/procedures/{procedure}/edit", {**DETAILS, "topics": "???"})
    assert re.search(r'id="f-topics-fault"', page.text)
    bow = '{"type": "Polygon", "coordinates": [[[13, 52], [14, 53], [14, 52], [13, 53], [13, 52]]]}'
    page = await client.post(f"atlas/procedures/{procedure}/place", {"place": bow, "districts": ""})
    assert page.status_code == 422
    assert "überschneidet sich selbst" in text_of(page)
    page = await client.post(f"atlas/procedures/{procedure}/phases/new",
                             {"kind": "pause", "starts_on": "2026-05-02", "ends_on": "2026-05-01"})  # fmt: skip
    assert re.search(r'id="f-ends_on-fault"', page.text)


async def test_phases_stand_on_a_timeline_and_are_changed_and_removed(world: World) -> None:
    phases = [{"kind": "PARTICIPATION", "startsOn": "2026-05-01", "title": "Mitreden"}]
    procedure = await created(world, phases=phases)
    client = await world.console("potsdam", roles=EDITOR)
    page = await client.get(f"atlas/procedures/{procedure}/phases")
    assert re.search(r'<svg role="img" aria-label="[^"]*Mitreden', page.text)
    assert 'style="' not in page.text
    (address,) = re.findall(r'href="([^"]+/phases/[0-9a-f-]+)/edit"', page.text)
    await client.done(f"{address}/edit", {"kind": "evaluation", "title": "Auswerten", "starts_on": "2026-05-01"})
    stale = await client.post(f"{address}/edit", {"kind": "pause", "starts_on": "2026-05-01"})
    assert stale.status_code == 422
    assert "inzwischen geändert" in text_of(stale)
    page = await client.get(f"atlas/procedures/{procedure}/phases")
    (address,) = re.findall(r'href="([^"]+/phases/[0-9a-f-]+)/edit"', page.text)
    await client.done(f"{address}/delete", {"confirmed": "yes"})
    assert "Noch keine Phasen" in text_of(await client.get(f"atlas/procedures/{procedure}/phases"))


async def test_a_document_is_uploaded_read_by_staff_and_by_everybody_once_published(world: World) -> None:
    procedure = await created(world, publish=False, documents=[])
    client = await world.console("potsdam", roles=EDITOR)
    here = f"atlas/procedures/{procedure}/documents"
    refused = await client.post(f"{here}/new", {"title": "Plan", "kind": "plan"})
    assert refused.status_code == 422
    answer = await client.post(
        f"{here}/new", {"title": "Plan", "kind": "plan"}, files={"file": ("plan.pdf", b"%PDF-1.7", "application/pdf")}
    )
    assert answer.status_code == 303, text_of(answer)
    page = await client.get(here)
    (address,) = re.findall(r'href="(/console/potsdam/atlas/files/[^"]+)"', page.text)
    assert (await client.get(address)).content == b"%PDF-1.7"
    for_all = address.replace("/console", "")
    assert (await world.client.get(for_all)).status_code == 404
    await client.done(f"atlas/procedures/{procedure}/publish", {"confirmed": "yes"})
    assert (await world.client.get(for_all)).content == b"%PDF-1.7"
    (entry,) = re.findall(r'href="([^"]+/documents/[0-9a-f-]+)/edit"', page.text)
    await client.done(f"{entry}/edit", {"title": "Lageplan", "kind": "plan"})
    assert "Lageplan" in text_of(await client.get(here))
    assert (await world.client.get(for_all)).status_code == 200, "another title keeps the file"


async def test_plain_words_are_written_measured_checked_and_published(world: World) -> None:
    procedure = await created(world, plainText=None)
    client = await world.console("potsdam", roles=EDITOR)
    here = await client.done(f"atlas/procedures/{procedure}/texts", {"variety": "plain", "language": "de"})
    again = await client.post(f"atlas/procedures/{procedure}/texts", {"variety": "plain", "language": "de"})
    assert "gibt es schon" in text_of(again)
    piece = await client.post(f"{here}/readability", {"body": "Die Stadt baut. Sie können mitreden."})
    assert "gut lesbar" in text_of(piece)
    assert "<html" not in piece.text
    await client.done(here, {"body": "Die Öffentlichkeitsbeteiligungsveranstaltung findet statt."})
    shown = text_of(await client.get(here))
    assert "zu schwer" in shown
    assert "Öffentlichkeitsbeteiligungsveranstaltung" in shown
    await client.done(f"{here}/check")
    await client.done(f"{here}/publish", {"confirmed": "yes"})
    assert (await public(world, "plainText"))[0]["plainText"].startswith("Die Öffentlichkeits")
    await client.done(f"atlas/procedures/{procedure}/edit", {**DETAILS, "title": "Ganz anders"})
    assert "veraltet" in text_of(await client.get("atlas/texts?texts.outdated=1"))


async def test_markup_in_texts_is_shown_as_text(world: World) -> None:
    procedure = await created(world, title="<b>Fett</b>", summary="<script>alert(1)</script>")
    client = await world.console("potsdam", roles=EDITOR)
    for path in ("procedures", f"procedures/{procedure}", f"procedures/{procedure}/preview"):
        page = await client.get(f"atlas/{path}")
        assert "<b>Fett" not in page.text
        assert "<script>alert" not in page.text


async def test_a_file_is_taken_over_and_its_faults_are_told(world: World) -> None:
    client = await world.console("potsdam", roles=EDITOR)
    content = b'{"procedures": [{"id": "a", "title": "Neues Verfahren", "type": "survey"}, {"id": "b"}]}'
    page = await client.post("atlas/import", {}, files={"file": ("p.json", content, "application/json")})
    assert page.status_code == 200
    assert "Übernommen" in text_of(page)
    assert [node["title"] for node in await public(world, "title")] == ["Neues Verfahren"]
    assert (await client.post("atlas/import", {"content": "kein JSON"})).status_code == 422
    assert (await client.post("atlas/import", {})).status_code == 422


async def test_a_draft_is_deleted_after_a_question_and_what_was_public_is_not(world: World) -> None:
    client = await world.console("potsdam", roles=EDITOR)
    draft, archived = await created(world, publish=False, title="Entwurf"), await created(world, title="Archiv")
    asked = await client.post(f"atlas/procedures/{draft}/delete")
    assert "verschwinden" in text_of(asked)
    await client.done(f"atlas/procedures/{draft}/delete", {"confirmed": "yes"})
    refused = await client.post(f"atlas/procedures/{archived}/delete", {"confirmed": "yes"})
    assert refused.status_code == 409
    assert (await client.get(f"atlas/procedures/{draft}")).status_code == 404


@pytest.mark.parametrize("roles", [("caretaker",), ("auditor",)])
async def test_who_may_not_edit_sees_neither_pages_nor_drafts_nor_their_files(
    world: World, roles: tuple[str, ...]
) -> None:
    procedure = await created(world, publish=False)
    client = await world.console("potsdam", roles=roles)
    for path in ("procedures", "texts", "import", "map.json", f"procedures/{procedure}", f"files/{'0' * 64}/x.pdf"):
        assert (await client.get(f"atlas/{path}")).status_code == 403, path


async def test_a_coordinator_edits_but_does_not_publish(world: World) -> None:
    procedure = await created(world, publish=False)
    client = await world.console("potsdam", roles=["coordinator"])
    await client.done(f"atlas/procedures/{procedure}/edit", DETAILS)
    assert (await client.post(f"atlas/procedures/{procedure}/publish", {"confirmed": "yes"})).status_code == 403
    assert (await client.get("atlas/import")).status_code == 403


async def test_procedures_of_another_town_are_not_found(world: World) -> None:
    procedure = await created(world, publish=False)
    client = await world.console("bad-belzig", roles=EDITOR)
    assert (await client.get(f"atlas/procedures/{procedure}")).status_code == 404
    assert (await client.post(f"atlas/procedures/{procedure}/edit", DETAILS)).status_code in (404, 422)


async def test_a_forged_form_changes_nothing(world: World) -> None:
    procedure = await created(world)
    client = await world.console("potsdam", roles=EDITOR)
    answer = await client.post(f"atlas/procedures/{procedure}/withdraw", {"confirmed": "yes"}, forged=True)
    assert answer.status_code == 403
    assert len(await public(world, "title")) == 1


async def test_the_list_takes_the_same_number_of_statements_however_long_it_is(world: World) -> None:
    client = await world.console("potsdam", roles=EDITOR)
    await created(world)
    await client.get("atlas/procedures")
    with world.statements() as few:
        await client.get("atlas/procedures")
    for number in range(4):
        await created(world, title=f"Verfahren {number}")
    with world.statements() as many:
        await client.get("atlas/procedures")
    assert len(many) == len(few)


async def test_files_may_be_larger_than_other_requests_but_not_than_the_town_says(world: World) -> None:
    procedure = await created(world, documents=[])
    client = await world.console("potsdam", roles=EDITOR)
    here = f"atlas/procedures/{procedure}/documents/new"
    large = b"%PDF-" + b"0" * 2_000_000
    answer = await client.post(here, {"title": "Plan", "kind": "plan"}, files={"file": ("plan.pdf", large)})
    assert answer.status_code == 303, text_of(answer)
    huge = b"%PDF-" + b"0" * 20_000_001
    answer = await client.post(here, {"title": "Plan", "kind": "plan"}, files={"file": ("plan.pdf", huge)})
    assert answer.status_code == 422
    assert "größer als 20 MB" in text_of(answer)


async def test_an_image_is_described_before_it_is_taken_and_shown_in_the_preview(world: World) -> None:
    procedure = await created(world, publish=False, documents=[])
    client = await world.console("potsdam", roles=EDITOR)
    here = f"atlas/procedures/{procedure}/documents/new"
    files = {"file": ("haus.png", b"\x89PNG\r\n\x1a\nexample")}
    refused = await client.post(here, {"title": "Haus", "kind": "other"}, files=files)
    assert re.search(r'id="f-alt_text-fault"', refused.text)
    described = {"title": "Haus", "kind": "other", "alt_text": "Ein gelbes Haus.", "copyright": "Stadt Potsdam"}
    assert (await client.post(here, described, files=files)).status_code == 303
    page = await client.get(f"atlas/procedures/{procedure}/preview")
    assert 'alt="Ein gelbes Haus."' in page.text
    assert "© Stadt Potsdam" in text_of(page)


async def test_dates_are_added_moved_and_called_off(world: World) -> None:
    procedure = await created(world)
    client = await world.console("potsdam", roles=EDITOR)
    here = f"atlas/procedures/{procedure}/dates"
    both = {"title": "Treffen", "day": "2026-07-01", "starts_at": "2026-07-01T18:00", "status": "confirmed"}
    assert (await client.post(f"{here}/new", both)).status_code == 422
    await client.done(f"{here}/new", {"title": "Treffen", "starts_at": "2026-07-01T18:00", "status": "confirmed"})
    page = await client.get(here)
    (address,) = re.findall(r'href="([^"]+/dates/[0-9a-f-]+)/edit"', page.text)
    form = await client.get(f"{address}/edit")
    assert 'value="2026-07-01T18:00"' in form.text, "times stand in the town's own zone"
    await client.done(f"{address}/edit", {"title": "Treffen", "day": "2026-07-02", "status": "confirmed"})
    assert "abgesagt" in text_of(await client.post(f"{address}/cancel"))
    await client.done(f"{address}/cancel", {"confirmed": "yes"})
    (node,) = await public(world, "dates { nodes { day startsAt status } }")
    assert node["dates"]["nodes"] == [{"day": "2026-07-02", "startsAt": None, "status": "CANCELLED"}]


async def test_the_status_is_set_by_hand_and_follows_the_phases_again(world: World) -> None:
    procedure = await created(world)
    client = await world.console("potsdam", roles=EDITOR)
    here = f"atlas/procedures/{procedure}/status"
    await client.done(here, {"status": "paused", "note": "Sommerpause"})
    (node,) = await public(world, "status statusNote statusSetByHand")
    assert node == {"status": "PAUSED", "statusNote": "Sommerpause", "statusSetByHand": True}
    await client.done(here, {"status": "", "note": ""})
    assert (await public(world, "statusSetByHand"))[0]["statusSetByHand"] is False
