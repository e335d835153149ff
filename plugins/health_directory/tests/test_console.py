"""The staff's pages: entries, suggestions, duplicates, letters, map and gaps."""

import re
from typing import Any

import pytest

from regiohub.testing import World
from regiohub.testing.console import ConsoleClient, text_of

from .conftest import Add
from .test_editing import CORRECT, entry, queue
from .test_finding import find

TOWN = "bad-belzig"
P = "health_directory"
FORM: dict[str, Any] = {
    "name": "Praxis", "provider": "Beispielanbieter", "category": "ALLG", "accepting": "unknown",
    "opening_hours": "", "phones": "",
}  # fmt: skip


async def staff(world: World, *roles: str) -> ConsoleClient:
    return await world.console(TOWN, roles=roles or ("editor",))


async def words_at(client: ConsoleClient, path: str) -> str:
    page = await client.get(f"{P}/{path}")
    assert page.status_code == 200, text_of(page)
    return text_of(page)


async def test_the_list_shows_the_traffic_light_and_filters_by_it(world: World, add: Add) -> None:
    one = await add("Praxis Grün")
    await add("Praxis Rot")
    client = await staff(world)
    await client.done(f"{P}/entries/{one}/verify")
    both = await words_at(client, "entries")
    assert "grün: frisch geprüft" in both
    assert "rot: lange nicht geprüft" in both
    green = await words_at(client, "entries?entries.freshness=fresh")
    assert "Praxis Grün" in green
    assert "Praxis Rot" not in green
    assert "Praxis Rot" in await words_at(client, "entries?entries.q=rot&entries.term=ARZT&entries.status=active")
    csv = (await client.get(f"{P}/entries?format=csv&list=entries")).text
    assert csv.count("Praxis") == 2
    assert (await entry(world, one))["verifiedOn"] == "2026-06-01"


async def test_an_entry_is_made_with_hours_in_everyday_words_and_gets_its_place(world: World) -> None:
    client = await staff(world)
    given = FORM | {
        "opening_hours": "Mo–Fr 8–12 Uhr, Di 14–18",
        "phones": "030 23125 001, Anmeldung\nFax 030 23125 002",
    }
    address = await client.done(f"{P}/entries/new", given)
    place = {"name": "Beispielhaus", "location_type": "physical", "wheelchair": "unknown", "accessibility": ["lift"],
             "place": '{"type": "Point", "coordinates": [12.59, 52.14]}', "opening_hours": ""}  # fmt: skip
    await client.done(f"{address}/places/new", place)
    page = text_of(await client.get(address))
    assert "Mo, Mi, Do, Fr 08:00–12:00 Uhr; Di 08:00–12:00 Uhr und 14:00–18:00 Uhr" in page
    assert "030 23125 001 (Anmeldung); 030 23125 002" in page
    assert "Aufzug" in page
    assert "Mit dem Rollstuhl zugänglich unbekannt" in page
    assert "Eintrag angelegt" in page
    assert "health_directory." not in page
    assert [node["name"] for node in await find(world)] == ["Praxis"]


async def test_an_unchanged_form_changes_nothing(world: World, add: Add) -> None:
    one = await add("Praxis", "ALLG", "INNE", "NATU", "GERI", hours="Mo 08:00-12:00", languages=["de", "pl"],
                    phones=[{"number": "030 23125 001", "kind": "fax"}], accepting="YES")  # fmt: skip
    before = await entry(world, one)
    client = await staff(world)
    page = await client.get(f"{P}/entries/{one}/edit")
    await client.done(f"{P}/entries/{one}/edit", fields_of(page.text))
    assert await entry(world, one) == before


async def test_bad_hours_are_shown_at_their_field_and_nothing_is_lost(world: World, add: Add) -> None:
    one = await add("Praxis")
    client = await staff(world)
    answer = await client.post(f"{P}/entries/{one}/edit", FORM | {"opening_hours": "jeden zweiten Dienstag"})
    assert answer.status_code == 422
    assert "Die Öffnungszeiten sind ab Zeichen 1 nicht lesbar" in text_of(answer)
    assert "jeden zweiten Dienstag</textarea>" in answer.text


async def test_withdrawing_asks_first_and_hides_the_entry(world: World, add: Add) -> None:
    one = await add("Praxis")
    client = await staff(world)
    asked = await client.post(f"{P}/entries/{one}/status", {"status": "inactive"})
    assert "Niemand außer der Verwaltung sieht ihn dann noch." in text_of(asked)
    assert [node["name"] for node in await find(world)] == ["Praxis"]
    await client.done(f"{P}/entries/{one}/status", {"status": "inactive", "confirmed": "yes"})
    assert await find(world) == []
    await client.done(f"{P}/entries/{one}/status", {"status": "active"})
    assert [node["name"] for node in await find(world)] == ["Praxis"]


async def test_a_reviewer_takes_over_one_field_after_editing_it(world: World, add: Add) -> None:
    one = await add("Praxis", hours="Mo 08:00-12:00", phones=[{"number": "030 23125 001"}])
    given = {"name": "Ganz anders", "phone": "030 23125 009", "openingHours": "Tu 09:00-12:00"}
    await world.graphql(TOWN, CORRECT, {"id": str(one), "input": given})
    (waiting,) = await queue(world, TOWN)
    client = await staff(world)
    assert "Name, Telefon, Öffnungszeiten" in await words_at(client, "review")
    shown = await words_at(client, f"review/{waiting['id']}")
    assert "Mo 08:00–12:00 Uhr" in shown
    chosen = {
        "take": ["opening_hours"],
        "opening_hours": "Di 9–13 Uhr",
        "phone": "030 23125 009",
        "name": "Ganz anders",
    }
    await client.done(f"{P}/review/{waiting['id']}/accept", chosen)
    after = await entry(world, one)
    assert after["name"] == "Praxis"
    assert after["places"]["nodes"][0]["openingHours"] == "Tu 09:00-13:00"
    assert "Zurzeit wartet kein Vorschlag." in await words_at(client, "review")
    assert "Ganz anders" not in await words_at(client, "review?review.state=all")


async def test_a_refusal_without_a_reason_comes_back_with_what_was_typed(world: World, add: Add) -> None:
    one = await add("Praxis")
    await world.graphql(TOWN, CORRECT, {"id": str(one), "input": {"phone": "030 23125 009"}})
    (waiting,) = await queue(world, TOWN)
    client = await staff(world)
    refused = await client.post(f"{P}/review/{waiting['id']}/reject", {"phone": "030 23125 777", "note": ""})
    assert refused.status_code == 422
    assert "Bitte ausfüllen." in text_of(refused)
    assert 'value="030 23125 777"' in refused.text
    await client.done(f"{P}/review/{waiting['id']}/reject", {"note": "Stimmt nicht."})
    assert [row["state"] for row in await queue(world, TOWN)] == ["REJECTED"]


async def test_a_pair_is_merged_after_a_question_or_told_apart(world: World, add: Add) -> None:
    one = await add("Praxis Beispiel", phones=[{"number": "030 23125 001"}])
    await add("Praxis Beispiel", phones=[{"number": "030 23125 001"}], description="Neu")
    client = await staff(world)
    await client.done(f"{P}/duplicates/search")
    await world.work()
    assert "1 Paare ähneln sich auffällig." in await words_at(client, "duplicates")
    page = await client.get(f"{P}/duplicates")
    pair = re.search(r"duplicates/([0-9a-f-]{36})", page.text)
    assert pair
    shown = await words_at(client, f"duplicates/{pair[1]}")
    assert "verschieden" in shown
    asked = await client.post(f"{P}/duplicates/{pair[1]}/merge", {"keep": str(one)})
    assert "verweist auf diesen" in text_of(asked)
    await client.done(f"{P}/duplicates/{pair[1]}/merge", {"keep": str(one), "confirmed": "yes"})
    assert [node["name"] for node in await find(world)] == ["Praxis Beispiel"]
    assert "keine Paare" in await words_at(client, "duplicates")


async def test_letters_are_sent_to_all_after_a_question_with_progress(world: World, add: Add) -> None:
    for number in range(3):
        await add(f"Praxis {number}", owner=f"Anbieter {number}", email=f"p{number}@example.org")
    await add("Stumm", owner="Ohne Adresse")
    client = await staff(world)
    assert "1 Anbieter haben keine Mailadresse." in await words_at(client, "letters/send")
    asked = await client.post(f"{P}/letters/send", {"which": "stale"})
    assert "3 Anbieter anschreiben?" in text_of(asked)
    await client.done(f"{P}/letters/send", {"which": "stale", "confirmed": "yes"})
    await world.work()
    assert len(world.mails) == 3
    shown = await words_at(client, "letters")
    assert "3 von 3 erledigt" in shown
    assert shown.count("wartet auf Antwort") >= 3


async def test_the_map_and_the_gaps_have_a_list_beside_them(world: World, add: Add) -> None:
    one = await add("Praxis")
    client = await staff(world)
    points = (await client.get(f"{P}/map.geojson")).json()["features"]
    assert [(p["properties"]["title"], p["properties"]["kind"]) for p in points] == [("Beispielhaus", "bad")]
    await client.done(f"{P}/entries/{one}/verify")
    points = (await client.get(f"{P}/map.geojson")).json()["features"]
    assert [p["properties"]["kind"] for p in points] == ["good"]
    assert "Beispielhaus" in await words_at(client, "map")
    covered = await words_at(client, "gaps?term=ALLG&km=5")
    assert "Alle bekannten Ortsteile" in covered
    assert "Luftlinie, nicht Fahrweg" in covered
    missing = await words_at(client, "gaps?term=APOT&km=5")
    assert "2 von 2 Ortsteilen haben kein Angebot" in missing
    drawn = (await client.get(f"{P}/gaps.geojson?term=APOT&km=5")).json()["features"]
    assert {feature["geometry"]["type"] for feature in drawn} == {"Point", "Polygon"}


PATHS = (
    "entries", "entries/new", "review", "review?review.state=all", "duplicates",
    "duplicates?duplicates.state=different", "letters", "letters/send", "map", "gaps", "providers", "places",
    "exchange",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_each_page_is_there_when_empty_in_both_languages_and_for_staff_only(
    world_sqlite: World, path: str
) -> None:
    client = await staff(world_sqlite)
    for language in ("de", "en"):
        page = await client.get(f"{P}/{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status_code == 200, text_of(page)
    stranger = await world_sqlite.console(TOWN, roles=("caretaker",))
    assert (await stranger.get(f"{P}/{path}")).status_code == 403


@pytest.mark.parametrize("path", PATHS)
async def test_each_page_reads_by_a_number_of_statements_that_does_not_grow(world: World, add: Add, path: str) -> None:
    client = await staff(world)
    counts: list[int] = []
    for _ in range(2):
        for number in range(3):
            one = await add(f"Praxis {number}", owner=f"Anbieter {number} {len(counts)}", email="p@example.org")
            await world.graphql(TOWN, CORRECT, {"id": str(one), "input": {"phone": "030 23125 009"}})
        await client.done(f"{P}/duplicates/search")
        await world.work()
        await client.get(f"{P}/{path}")
        with world.statements() as seen:
            assert (await client.get(f"{P}/{path}")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


async def test_providers_and_places_are_edited(world: World, add: Add) -> None:
    one = await add("Praxis")
    present = await entry(world, one)
    owner, place = present["organization"]["id"], present["places"]["nodes"][0]["location"]["id"]
    client = await staff(world)
    await client.done(
        f"{P}/providers/{owner}", {"name": "Neuer Name", "email": "neu@example.org", "phones": "030 23125 5"}
    )
    assert "Neuer Name" in await words_at(client, "providers?providers.q=neu@")
    given = {"name": "Schwalbennest", "location_type": "physical", "wheelchair": "no", "place": ""}
    await client.done(f"{P}/places/{place}", given)
    listed = await words_at(client, "places?places.wheelchair=no&places.blind=1")
    assert "Schwalbennest" in listed
    await client.done(f"{P}/entries/{one}/places/{place}/remove", {"confirmed": "yes"})
    assert "Noch ist kein Ort eingetragen." in await words_at(client, f"entries/{one}")


async def test_a_foreign_town_s_entry_is_not_found(world: World, add: Add) -> None:
    one = await add("Praxis", town="potsdam")
    client = await staff(world)
    assert (await client.get(f"{P}/entries/{one}")).status_code == 404


def fields_of(html: str) -> dict[str, Any]:
    """What a browser would send back of a form that nobody touched."""
    import html as entities

    form = html[html.index('<form class="form"') :]
    form = form[: form.index("</form>")]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r'name="(\w+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or name[1] == "csrf" or (kind and kind[1] == "checkbox" and " checked" not in tag):
            continue
        found.setdefault(name[1], []).append(entities.unescape(value[1]) if value else "")
    for name, text in re.findall(r'<textarea\b[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = [entities.unescape(text)]
    for name, options in re.findall(r'<select\b[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else ""]
    return found
