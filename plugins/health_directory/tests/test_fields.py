"""Every field of the API answers; opening hours are checked as they are typed; the region reads what is published."""

from typing import Any

from regiohub.testing import World

from .conftest import Add
from .test_editing import STAFF

EVERYTHING = """{ healthDirectory { services(first: 3) { totalCount nodes {
  id name alternateName description summaryEasy status url email alert applicationProcess feesDescription
  eligibilityDescription minimumAge maximumAge openingHours openingHoursText appointmentRequired appointmentUrl
  telehealth telehealthUrl acceptingNewPatients acceptingOn acceptingNote verifiedOn freshness updatedAt revision
  example openNow nextChange opening { status comment nextChange } wheelchair categories { code parentCode title
  titleDe titleEn synonyms officialList } languages { code name } tenant { slug }
  organization { id name description email website phones { nodes { number } } services { nodes { name } } }
  phones { nodes { id number kind description } } contacts { nodes { id name title email } }
  costOptions { nodes { id option amount currency amountDescription } }
  places { nodes { id description openingHours openingHoursText opening { status nextChange }
    location { id name locationType address postalCode city district transportation place wheelchair
      accessibilityNote features { code title } } } } } }
  organizations(filter: {name: "beispiel"}) { totalCount } locations(filter: {wheelchair: YES}) { totalCount } } }"""
CHECK = """query($text: String!) { healthDirectory { checkOpeningHours(text: $text) {
  valid text description position message warnings { code message } } } }"""
FORM = """query($blocks: [HealthHoursBlockInput!]!) { healthDirectory { openingHoursFromBlocks(blocks: $blocks) {
  text description } } }"""


async def test_every_field_answers(demo: World) -> None:
    found = await demo.graphql("bad-belzig", EVERYTHING, language="de")
    assert not found.errors, found.errors
    directory = found.data["healthDirectory"]
    assert directory["services"]["totalCount"] == 37
    (place,) = directory["services"]["nodes"][0]["places"]["nodes"]
    assert place["location"]["place"]["type"] == "Point"
    assert place["openingHoursText"].endswith("an Feiertagen geschlossen")
    assert directory["locations"]["totalCount"] == 7


async def checked(world: World, text: str, language: str = "de") -> dict[str, Any]:
    found = await world.graphql("bad-belzig", CHECK, {"text": text}, language=language)
    return found.data["healthDirectory"]["checkOpeningHours"]


async def test_hours_that_cannot_be_read_are_explained_where_they_are_typed(world_sqlite: World) -> None:
    found = await checked(world_sqlite, "Montag 8-12")
    assert (found["valid"], found["position"]) == (False, 3)
    assert found["message"].startswith("Die Öffnungszeiten sind ab Zeichen 3 nicht lesbar: „ntag 8-12“.")


async def test_the_semicolon_trap_is_explained_with_the_days_that_lose_their_morning(world_sqlite: World) -> None:
    found = await checked(world_sqlite, "Mo-Fr 08:00-12:00; Mo,Th 14:00-18:00")
    (warning,) = found["warnings"]
    assert warning["code"] == "OVERRIDDEN"
    assert "Mo, Do verlieren ihre früheren Zeiten" in warning["message"]
    english = await checked(world_sqlite, "Mo-Fr 08:00-12:00; Mo,Th 14:00-18:00", "en")
    assert "Mon, Thu lose their earlier times" in english["warnings"][0]["message"]


async def test_form_lines_of_the_same_day_are_added_up(world_sqlite: World) -> None:
    blocks = [
        {"days": [1, 2, 3, 4, 5], "opens": "08:00", "closes": "12:00"},
        {"days": [1, 2, 4], "opens": "14:00", "closes": "18:00"},
    ]
    found = await world_sqlite.graphql("bad-belzig", FORM, {"blocks": blocks})
    text = found.data["healthDirectory"]["openingHoursFromBlocks"]["text"]
    assert text == "Mo,Tu,Th 08:00-12:00,14:00-18:00; We,Fr 08:00-12:00; PH closed"
    wrong = await world_sqlite.graphql("bad-belzig", FORM, {"blocks": [{"days": [8]}]})
    assert wrong.codes == ["INVALID_INPUT"]


async def test_the_region_reads_published_offers_of_all_towns_and_no_hidden_ones(world: World, add: Add) -> None:
    await add("Hier")
    await add("Dort", town="potsdam")
    await add("Versteckt", status="INACTIVE")
    document = "{ healthDirectory { services { nodes { name tenant { slug } } } } }"
    found = await world.graphql("region", document)
    assert not found.errors, found.errors
    rows = [(row["name"], row["tenant"]["slug"]) for row in found.data["healthDirectory"]["services"]["nodes"]]
    assert rows == [("Dort", "potsdam"), ("Hier", "bad-belzig")]


async def test_a_switched_off_plugin_leaves_no_field(world_sqlite: World) -> None:
    await world_sqlite.disable("bad-belzig", "health_directory")
    found = await world_sqlite.graphql("bad-belzig", "{ healthDirectory { emergencyNumbers { number } } }")
    assert found.errors
    assert "healthDirectory" in found.errors[0]["message"]


async def test_the_plugin_says_what_it_holds(demo: World) -> None:
    async with demo.scope("bad-belzig").read() as ctx:
        links = [link for one in ctx.plugins.call("register_links") for link in await one.value(ctx)]
    assert [(link.kind, link.count) for link in links if link.kind == "health_service"] == [("health_service", 37)]


async def test_opening_by_appointment_is_told_apart_from_closed(world: World, add: Add) -> None:
    await add("Praxis", hours='Mo "nach Vereinbarung"')
    found = await world.graphql("bad-belzig", EVERYTHING, roles=STAFF)
    (node,) = found.data["healthDirectory"]["services"]["nodes"]
    assert node["opening"]["status"] == "BY_APPOINTMENT"
    assert node["openNow"] is False
