"""The page "Datenschutz" of a town's admins."""

from __future__ import annotations

import json

import pytest

from regiohub.testing import World
from regiohub.testing.console import text_of
from regiohub_booking.models import Booking

from .conftest import PLUGINS, People

pytestmark = PLUGINS
WHO = {"who": "anna\nanna@example.org"}


@pytest.fixture
async def people(world_sqlite: World) -> People:
    """Anna's and Ben's bookings of the past, and one that is still to come."""
    found = People(world_sqlite)
    await found.book("potsdam", "anna", "anna@example.org", days=-30)
    await found.book("potsdam", "anna", "anna@example.org", days=3)
    await found.book("potsdam", "ben", "ben@example.org", days=-30)
    return found


async def test_an_admin_searches_downloads_and_erases(people: People) -> None:
    client = await people.world.console("potsdam", roles=["tenant-admin"], subject="erika")
    assert "Datenschutz" in text_of(await client.get("privacy"))
    found = await client.post("privacy", WHO)
    assert found.status_code == 200
    assert "Buchungen mit Namen und Adresse" in text_of(found)
    assert "1 künftige Buchung wird storniert" in text_of(found)
    file = await client.post("privacy/export", WHO)
    assert file.headers["content-disposition"] == 'attachment; filename="potsdam-auskunft-2026-06-01.json"'
    assert json.loads(file.content)["records"] == 2
    asked = text_of(await client.post("privacy/erase", WHO))
    assert "Alle Daten zu dieser Person löschen?" in asked
    assert "Buchung, Buchungen mit Namen und Adresse: 2 ohne die Person weitergeführt" in asked
    assert [row.subject for row in await people.rows("potsdam", Booking)] == ["anna", "anna", "ben"]
    done = text_of(await client.post("privacy/erase", {**WHO, "confirmed": "yes"}))
    assert "Die Daten zu dieser Person sind gelöscht." in done
    assert "1 künftige Buchung wurde storniert" in done
    assert [row.subject for row in await people.rows("potsdam", Booking)] == [None, None, "ben"]
    again = text_of(await client.post("privacy", WHO))
    assert "Zu dieser Person ist hier nichts gespeichert." in again


async def test_other_addresses_in_the_data_are_named_for_a_second_look(people: People) -> None:
    client = await people.world.console("potsdam", roles=["tenant-admin"], subject="erika")
    found = text_of(await client.post("privacy?lang=en", {"who": "anna"}))
    assert "These data name other identifiers or addresses." in found
    assert "search again: anna@example.org" in found


async def test_who_is_not_named_well_is_asked_again(people: People) -> None:
    client = await people.world.console("potsdam", roles=["tenant-admin"], subject="erika")
    for who in ("", "  \n ", "anna\nben", "kein@", "a" * 300):
        for path in ("privacy", "privacy/export", "privacy/erase"):
            page = await client.post(path, {"who": who, "confirmed": "yes"})
            assert page.status_code == 422, (who, path)
            assert "Bitte prüfen" in text_of(page)


async def test_nobody_else_finds_or_opens_it(people: People) -> None:
    for roles in (("editor",), ("auditor",), ("plugin-admin:booking",)):
        client = await people.world.console("potsdam", roles=roles, subject="erika")
        assert "Datenschutz" not in text_of(await client.get("")), roles
        assert (await client.get("privacy")).status_code == 403
        for path in ("privacy", "privacy/export", "privacy/erase"):
            assert (await client.post(path, {**WHO, "confirmed": "yes"})).status_code == 403
    assert [row.subject for row in await people.rows("potsdam", Booking)] == ["anna", "anna", "ben"]
