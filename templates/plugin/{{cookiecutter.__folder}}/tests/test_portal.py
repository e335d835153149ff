"""The page for residents."""
{% if not cookiecutter.table %}

from datetime import timedelta
{% endif %}

from regiohub.testing import World
{% if cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.service import editing

URL = "/potsdam/{{ cookiecutter.id }}/"


async def fill(world: World, count: int = 1) -> None:
    async with world.scope("potsdam").write() as ctx:
        for number in range(count):
            values = {"name": f"<Bücherei> {number:02}", "kind": "library", "hours": "Mo 09:00-17:00"}
            await editing.create(ctx, values)
        await editing.create(ctx, {"name": "Nachtcafé", "kind": "other", "hours": "Mo 20:00-24:00"})


async def test_residents_read_what_there_is_and_what_is_open_in_their_language(world: World) -> None:
    await fill(world)
    page = await world.client.get(URL, headers={"accept-language": "de"})
    assert page.status_code == 200
    assert "jetzt geöffnet" in page.text
    assert "jetzt geschlossen" in page.text
    assert "&lt;Bücherei&gt;" in page.text, "names are no HTML"
    page = await world.client.get(URL, headers={"accept-language": "en"})
    assert "open now" in page.text


async def test_residents_choose_by_kind_words_and_what_is_open(world: World) -> None:
    await fill(world)

    async def shown(query: str) -> tuple[bool, bool]:
        text = (await world.client.get(f"{URL}?{query}")).text
        return "Bücherei&gt;" in text, "Nachtcafé" in text

    assert await shown("kind=library") == (True, False)
    assert await shown("q=nacht") == (False, True)
    assert await shown("open=1") == (True, False)
    assert await shown("kind=unknown") == (True, True)
    assert await shown("q=nowhere") == (False, False)


async def test_a_long_list_has_pages_that_keep_what_was_chosen(world_sqlite: World) -> None:
    await fill(world_sqlite, 60)
    first = (await world_sqlite.client.get(f"{URL}?kind=library&lang=en")).text
    assert "<Bücherei> 49".replace("<", "&lt;").replace(">", "&gt;") in first
    assert "&lt;Bücherei&gt; 50" not in first
    assert 'kind=library&amp;open=&amp;lang=en&amp;page=2" rel="next"' in first
    second = (await world_sqlite.client.get(f"{URL}?kind=library&page=2")).text
    assert "&lt;Bücherei&gt; 50" in second


async def test_the_town_s_page_leads_there(world_sqlite: World) -> None:
    page = await world_sqlite.client.get("/potsdam/")
    assert 'href="/potsdam/{{ cookiecutter.id }}/"' in page.text
    assert (await world_sqlite.client.get("/berlin/{{ cookiecutter.id }}/")).status_code == 404
{% else %}

URL = "/potsdam/{{ cookiecutter.id }}/"


async def test_residents_read_the_hours_and_whether_it_is_open(world: World) -> None:
    page = await world.client.get(URL, headers={"accept-language": "de"})
    assert page.status_code == 200
    assert "Jetzt geöffnet." in page.text
    assert "Mo-Fr 09:00-17:00" in page.text
    world.clock.advance(timedelta(hours=10))
    page = await world.client.get(URL, headers={"accept-language": "en"})
    assert "Closed now." in page.text


async def test_the_town_s_page_leads_there(world_sqlite: World) -> None:
    page = await world_sqlite.client.get("/potsdam/")
    assert 'href="/potsdam/{{ cookiecutter.id }}/"' in page.text
    assert (await world_sqlite.client.get("/berlin/{{ cookiecutter.id }}/")).status_code == 404
{% endif %}
