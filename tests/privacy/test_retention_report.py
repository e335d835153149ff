"""What is kept how long, how much is due and when the next is: for admins in GraphQL and on the console's page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import Field, create_model

from regiohub.errors import Forbidden
from regiohub.plugins.expiry import setting_faults
from regiohub.plugins.manifest import Plugin
from regiohub.privacy.retention import Line, retention_report
from regiohub.tenancy.plugin_settings.service import change_settings
from regiohub.testing import World
from regiohub.testing.console import text_of

from .conftest import PLUGINS, People

pytestmark = PLUGINS
ASKED = """{ retention { lastRun lastDeleted failing remarks lines { plugin pluginTitle switchedOn category title
  personal retentionDays kept changeable dueDeleted dueEmptied nextOn } } }"""


@pytest.fixture
async def people(world: World) -> People:
    found = People(world)
    await found.book("potsdam", "anna", "anna@example.org", days=-370)
    await found.book("potsdam", "ben", "ben@example.org", days=-10)
    await found.suggest("potsdam", "anna@example.org", message="Hallo")
    return found


async def lines(people: People) -> dict[tuple[str, str], list[Line]]:
    async with people.world.scope("potsdam").read() as ctx:
        report = await retention_report(ctx)
    found: dict[tuple[str, str], list[Line]] = {}
    for line in report.lines:
        found.setdefault((line.plugin, line.category), []).append(line)
    return found


async def test_each_category_says_what_is_due_and_when_the_next_will_be(people: People) -> None:
    found = await lines(people)
    (bookings,) = found["booking", "bookings"]
    assert (bookings.days, bookings.changeable, bookings.due_emptied, bookings.due_deleted) == (365, True, 1, 0)
    # Ben's ended on 22 May: it stays for 365 days, all of the last one.
    assert bookings.next_on == date(2027, 5, 23)
    suggestions, contacts = found["health_directory", "suggestions"]
    assert (suggestions.days, suggestions.next_on) == (730, date(2028, 6, 1))
    assert (contacts.days, contacts.title.en) == (90, "Contact details of decided suggestions")
    (places,) = found["booking", "contacts"]
    assert places.days is None
    assert places.kept is not None
    assert places.kept.en.startswith("As long as the house")
    assert {key[1] for key in found if key[0] == "core"} == {
        "sign_ins", "outbox_done", "outbox_dead", "outbox_waiting", "mails", "settings", "measures", "audit",
        "consents", "work",
    }  # fmt: skip
    assert all(line.days or line.kept for group in found.values() for line in group if line.personal)


async def test_the_towns_own_time_is_shown_everywhere(people: People) -> None:
    await people.world.scope("potsdam").run(lambda ctx: change_settings(ctx, "booking", {"retention_days": 5}))
    (bookings,) = (await lines(people))["booking", "bookings"]
    assert (bookings.days, bookings.due_emptied, bookings.next_on) == (5, 2, None)


async def test_admins_read_it_and_nobody_else(people: People) -> None:
    await people.world.work()
    await people.world.later(days=1)
    found = (await people.world.caller(roles=["tenant-admin"], subject="erika").query(ASKED))["retention"]
    assert found["lastRun"] is not None
    assert found["lastDeleted"] is not None
    assert (found["failing"], found["remarks"]) == (False, [])
    assert {line["dueDeleted"] + line["dueEmptied"] for line in found["lines"]} == {0}
    assert "anna" not in str(found)
    for roles in ((), ("editor",), ("auditor",)):
        caller = people.world.caller(roles=roles, subject="erika")
        assert (await caller.ask(ASKED)).codes == ["FORBIDDEN"], roles
        with pytest.raises(Forbidden):
            async with people.world.scope("potsdam").read(people.world.principal(roles=roles)) as ctx:
                await retention_report(ctx)


async def test_the_page_shows_it_below_the_search(people: People) -> None:
    client = await people.world.console("potsdam", roles=["tenant-admin"], subject="erika")
    page = text_of(await client.get("privacy"))
    for words in ("Was wie lange bleibt", "Letzter Lauf: noch keiner", "Buchungen mit Namen und Adresse", "365 Tage",
                  "in den Einstellungen wählbar", "davon 1 ohne die Person weitergeführt",
                  "Anmeldungen an der Konsole"):  # fmt: skip
        assert words in page, words
    await people.world.disable("potsdam", "booking")
    page = text_of(await client.get("privacy?lang=en"))
    for words in ("What is kept how long", "Booking, personal; plugin is off", "chosen in the settings"):
        assert words in page, words


def test_a_setting_that_says_another_time_keeps_the_plugin_from_loading() -> None:
    from dataclasses import replace

    from regiohub_booking.categories import BOOKINGS, CATEGORIES
    from regiohub_booking.plugin import plugin

    def faults(**changes: Any) -> str:
        changed = (replace(BOOKINGS, **changes), *CATEGORIES[1:])
        bad: Plugin = replace(plugin, data_categories=changed)
        return "; ".join(bad._faults())  # pyright: ignore[reportPrivateUsage]

    assert faults() == ""
    assert "the default of the setting retention_days is 365 days, and the retention another" in faults(
        retention=timedelta(days=30)
    )
    assert "the setting nights is no whole number of days" in faults(setting="nights")
    loose: Any
    for loose in ({"ge": 0, "le": 3650}, {"ge": 1, "le": 10**9}, {"ge": 1}, {"le": 3650}):
        model = create_model("Loose", retention_days=(int, Field(default=365, **loose)))
        assert "needs limits" in "".join(setting_faults("retention_days", timedelta(days=365), model)), loose
    (expiry,) = BOOKINGS.expiries
    for change, fault in (
        ({"counted_from": ("gone_at",)}, "there is no column gone_at"),
        ({"counted_from": ("subject",)}, "column subject holds no moment and no day"),
        ({"counted_from": ()}, "nothing says from when the time counts"),
        ({"clear": ("frequency",)}, "column frequency cannot be emptied"),
        ({"held_by": ("booking_booking.nothing",)}, "held_by names the unknown column booking_booking.nothing"),
        ({"retention": timedelta(days=1)}, "a time of its own needs a title"),
    ):
        assert fault in faults(expiries=(replace(expiry, **change),)), change
