"""Pages for staff."""

{% if cookiecutter.table %}
{% if cookiecutter.job %}
from datetime import timedelta
{% endif %}
from typing import Any

from regiohub.testing import World
from regiohub.testing import ConsoleClient, text_of
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from sqlalchemy import select

NEW = {"name": "Bücherei", "kind": "library", "hours": "Mo-Fr 09:00-17:00", "wheelchair": "yes"}


async def editor(world: World) -> ConsoleClient:
    return await world.console(roles=("editor",))


async def only(world: World) -> Any:
    async with world.scope("potsdam").read() as ctx:
        return (await ctx.session.scalars(select({{ cookiecutter.__Thing }}))).one()


async def test_staff_add_change_and_remove_a_place(world: World) -> None:
    staff = await editor(world)
    await staff.done("{{ cookiecutter.id }}/places/new", NEW)
    place = await only(world)
    assert (place.name, place.kind.value, place.wheelchair) == ("Bücherei", "library", True)
    form = await staff.get(f"{{ cookiecutter.id }}/places/{place.id}")
    assert "Mo-Fr 09:00-17:00" in form.text
    await staff.done(f"{{ cookiecutter.id }}/places/{place.id}", NEW | {"name": "Stadtbücherei"})
    assert (await only(world)).name == "Stadtbücherei"
    question = await staff.post(f"{{ cookiecutter.id }}/places/{place.id}/remove")
    assert "Diesen Ort löschen?" in text_of(question)
    assert (await only(world)).name == "Stadtbücherei", "not before the yes"
    await staff.done(f"{{ cookiecutter.id }}/places/{place.id}/remove", {"confirmed": "yes"})
    assert "Noch keine Orte" in text_of(await staff.get("{{ cookiecutter.id }}/places"))


async def test_a_fault_is_told_in_the_form_and_what_was_typed_stays(world_sqlite: World) -> None:
    staff = await editor(world_sqlite)
    page = await staff.post("{{ cookiecutter.id }}/places/new", NEW | {"hours": "immer mal"})
    assert page.status_code == 422
    assert "Diese Öffnungszeit ist nicht zu verstehen" in text_of(page)
    assert 'value="Bücherei"' in page.text
    await staff.done("{{ cookiecutter.id }}/places/new", NEW)
    place = await only(world_sqlite)
    page = await staff.post(f"{{ cookiecutter.id }}/places/{place.id}", NEW | {"name": ""})
    assert page.status_code == 422
    assert (await only(world_sqlite)).name == "Bücherei"


async def test_the_list_is_filtered_and_leads_to_each_place(world_sqlite: World) -> None:
    staff = await editor(world_sqlite)
    await staff.done("{{ cookiecutter.id }}/places/new", NEW)
    await staff.done("{{ cookiecutter.id }}/places/new", NEW | {"name": "Café", "kind": "other", "hours": "Su 10:00-12:00"})
    every = await staff.get("{{ cookiecutter.id }}/")
    assert {"Bücherei", "Café", "geschlossen"} <= set(text_of(every).split())
    open_ = await staff.get("{{ cookiecutter.id }}/places?places.open=1")
    assert "Café" not in open_.text
    assert "Bücherei" in open_.text
    libraries = await staff.get("{{ cookiecutter.id }}/places?places.kind=library")
    assert "Café" not in libraries.text
    found = (await staff.get("{{ cookiecutter.id }}/map.json")).json()
    assert [feature["properties"]["title"] for feature in found["features"]] == ["Bücherei", "Café"]
    assert (await staff.get(found["features"][0]["properties"]["url"])).status_code == 200


async def test_without_the_right_nothing_is_shown_or_done(world_sqlite: World) -> None:
    caretaker = await world_sqlite.console(roles=("caretaker",))
    for path in ("{{ cookiecutter.id }}/places", "{{ cookiecutter.id }}/places/new", "{{ cookiecutter.id }}/map.json"):
        assert (await caretaker.get(path)).status_code == 403
    assert (await caretaker.post("{{ cookiecutter.id }}/places/new", NEW)).status_code == 403
{% if cookiecutter.job %}


async def test_staff_confirm_the_details(world_sqlite: World) -> None:
    staff = await editor(world_sqlite)
    await staff.done("{{ cookiecutter.id }}/places/new", NEW)
    place = await only(world_sqlite)
    world_sqlite.clock.advance(timedelta(minutes=5))
    await staff.done(f"{{ cookiecutter.id }}/places/{place.id}/confirm")
    assert (await only(world_sqlite)).checked_at - place.checked_at == timedelta(minutes=5)
{% endif %}
{% if cookiecutter.importer %}


async def test_a_file_is_uploaded_and_each_entry_s_fate_is_told(world_sqlite: World) -> None:
    staff = await editor(world_sqlite)
    assert "wheelchair" in (await staff.get("{{ cookiecutter.id }}/import")).text
    content = b"id;name;hours\n1;Eins;24/7\n2;;\n"
    page = await staff.post("{{ cookiecutter.id }}/import", files={"file": ("orte.csv", content, "text/csv")})
    assert page.status_code == 200
    assert "Ein Ort braucht einen Namen." in text_of(page)
    assert (await only(world_sqlite)).name == "Eins"
    empty = await staff.post("{{ cookiecutter.id }}/import")
    assert empty.status_code == 422
    assert "Die Datei ist leer." in text_of(empty)
{% endif %}
{% else %}
from regiohub.testing import World
from regiohub.testing import text_of


async def test_staff_see_how_things_stand(world: World) -> None:
    staff = await world.console(roles=("editor",))
    page = await staff.get("{{ cookiecutter.id }}/")
    assert page.status_code == 200
    assert "Mo-Fr 09:00-17:00" in text_of(page)
    assert "geöffnet" in text_of(page)


async def test_without_the_right_nothing_is_shown(world_sqlite: World) -> None:
    caretaker = await world_sqlite.console(roles=("caretaker",))
    assert (await caretaker.get("{{ cookiecutter.id }}/state")).status_code == 403
{% endif %}
