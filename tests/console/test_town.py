"""The pages of a town: measures, goals, settings, sharing, audit, work."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import httpx

from regiohub.tenancy.indicators import service
from regiohub.tenancy.measures import add_measure
from regiohub.testing import World
from regiohub.testing.console import text_of
from regiohub.testing.towns import MEASURE
from regiohub.texts import t
from regiohub.work import begin_work

PATHS = (
    *("", "health", "measures", "measures?view=timeline", f"measures/{MEASURE}", "measures/new"),
    *(f"measures/{MEASURE}/{form}" for form in ("edit", "objectives/new", "indicators/new")),
    *("indicators", "settings", "settings/booking", "settings/lorawan", "settings/health_directory", "settings/atlas"),
    *("branding", "sharing", "sharing/new", "sharing/reads", "audit", "privacy", "work"),
)


async def indicator(world: World, **values: Any) -> str:
    async with world.scope("potsdam").write() as ctx:
        facts = {"title": "Standorte", "start_value": 0.0, "target_value": 10.0, **values}
        return str((await service.add_indicator(ctx, MEASURE, facts)).id)


async def test_every_page_opens_for_a_tenant_admin_in_both_languages(world_sqlite: World) -> None:
    client = await world_sqlite.console("potsdam", roles=["tenant-admin"])
    for path in PATHS:
        page = await client.get(path)
        assert page.status_code == 200, f"{path}: {text_of(page)}"
        assert 'html lang="de"' in page.text
        english = await client.get(f"{path}{'&' if '?' in path else '?'}lang=en")
        assert english.status_code == 200, path
        assert 'html lang="en"' in english.text


async def test_a_person_without_a_role_in_the_town_is_refused_everywhere(world_sqlite: World) -> None:
    nobody = await world_sqlite.console("potsdam")
    foreign = await world_sqlite.console("berlin", roles=["tenant-admin"])
    for path in PATHS:
        assert (await nobody.get(path)).status_code == 403, path
        assert (await foreign.get(f"/console/potsdam/{path}")).status_code == 403, path


async def test_an_auditor_changes_nothing(world_sqlite: World) -> None:
    client = await world_sqlite.console("potsdam", roles=["auditor"])
    changes: dict[str, dict[str, str]] = {
        "measures/new": {"title": "Neu"},
        f"measures/{MEASURE}/edit": {"title": "Neu"},
        f"measures/{MEASURE}/retire": {"confirmed": "yes"},
        f"measures/{MEASURE}/plugins/atlas": {"on": "0", "confirmed": "yes"},
        f"measures/{MEASURE}/objectives/new": {"title": "Neu"},
        f"measures/{MEASURE}/indicators/new": {"title": "Neu"},
        "settings/booking": {"hold_minutes": "5"},
        "settings/booking/reset": {"name": "hold_minutes"},
        "settings/atlas/switch": {"on": "0", "confirmed": "yes"},
        "branding": {"primary": "#000000"},
        "branding/logo": {},
        "sharing/new": {},
    }
    for path, data in changes.items():
        assert (await client.post(path, data)).status_code == 403, path


async def test_a_new_measure_gets_its_key_from_its_title(world: World) -> None:
    client = await world.console("potsdam", roles=["editor"])
    form = {"title": "Bürgernahe Bäume", "from_year": "2026", "fields": "Klima\n\nMobilität", "status": "planned"}
    assert await client.done("measures/new", form) == "/console/potsdam/measures/buergernahe-baeume"
    words = text_of(await client.get("measures/buergernahe-baeume"))
    assert "Klima, Mobilität" in words
    assert "geplant" in words
    again = await client.post("measures/new", form)
    assert again.status_code == 422
    assert "schon vergeben" in text_of(again)


async def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(world_sqlite: World) -> None:
    client = await world_sqlite.console("potsdam", roles=["editor"])
    answer = await client.post(
        f"measures/{MEASURE}/edit", {"title": "Neuer Titel", "from_year": "2026", "to_year": "2020", "status": ""}
    )
    assert answer.status_code == 422
    assert 'id="f-to_year-fault"' in answer.text
    assert 'value="Neuer Titel"' in answer.text


async def test_the_list_filters_by_plugin_bundle_and_status_and_exports(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        await add_measure(
            ctx,
            "radwege",
            {"title": "Radwege", "status": "running", "bundle_key": "verkehr", "bundle_title": "Verkehr"},
        )
    await world.enable("potsdam", "atlas", "radwege")
    client = await world.console("potsdam", roles=["editor"])
    for query in ("plugin=atlas", "bundle=verkehr", "status=running", "q=radweg"):
        words = text_of(await client.get(f"measures?measures.{query}"))
        assert "Radwege" in words
        assert "Modellvorhaben" not in words
    file = await client.get("measures?format=csv&list=measures&measures.sort=-title")
    assert file.headers["content-type"].startswith("text/csv")
    lines = file.text.splitlines()
    assert len(lines) == 3
    assert "Radwege" in lines[1]


async def test_switching_a_plugin_for_a_measure_asks_first_and_names_what_vanishes(world: World) -> None:
    client = await world.console("potsdam", roles=["tenant-admin"])
    path = f"measures/{MEASURE}/plugins/lorawan"
    assert await client.done(path, {"on": "1", "confirmed": "yes"}) == f"/console/potsdam/measures/{MEASURE}"
    still = await client.post(path, {"on": "0"})
    assert "arbeitet weiter" in text_of(still)
    everywhere = await client.post("settings/lorawan/switch", {"on": "0"})
    assert "GraphQL" in text_of(everywhere)
    assert "lorawan" in world.tenant("potsdam").enabled
    await client.done("settings/lorawan/switch", {"on": "0", "confirmed": "yes"})
    assert "lorawan" not in world.tenant("potsdam").enabled
    assert (await client.get("lorawan/devices")).status_code == 404


async def test_retiring_asks_first_and_restoring_brings_it_back(world_sqlite: World) -> None:
    client = await world_sqlite.console("potsdam", roles=["tenant-admin"])
    question = await client.post(f"measures/{MEASURE}/retire")
    assert "nicht mehr zu sehen" in text_of(question)
    await client.done(f"measures/{MEASURE}/retire", {"confirmed": "yes"})
    assert "Modellvorhaben" not in text_of(await client.get("measures"))
    assert "Modellvorhaben" in text_of(await client.get("measures?measures.retired=1"))
    auditor = await world_sqlite.console("potsdam", roles=["auditor"])
    assert (await auditor.get(f"measures/{MEASURE}")).status_code == 404
    await client.done(f"measures/{MEASURE}/restore")
    assert "Modellvorhaben" in text_of(await client.get("measures"))


async def test_goals_from_objective_to_figure_and_chart(world: World) -> None:
    client = await world.console("potsdam", roles=["editor"])
    await client.done(f"measures/{MEASURE}/objectives/new", {"title": "Alle kommen ins Netz"})
    page = await client.get(f"measures/{MEASURE}")
    found = re.search(r"indicators/new\?objective=([0-9a-f-]{36})", page.text)
    assert found is not None
    made = await client.done(
        f"measures/{MEASURE}/indicators/new",
        {
            "title": "Standorte mit WLAN", "kind": "output", "objective_id": found[1], "unit": "Standorte",
            "start_value": "10", "target_value": "50,5", "direction": "up", "due": "2026-12-31", "published": "on",
        },
    )  # fmt: skip
    await client.done(made, {"on": "2026-05-01", "value": "20"})
    await client.done(made, {"on": "2026-06-01", "value": "30,25", "note": "Zählung"})
    words = text_of(await client.get(made))
    assert "30,25" in words
    assert "Zählung" in words
    assert "50 %" in text_of(await client.get(f"measures/{MEASURE}"))
    chart = (await client.get(f"{made}/chart")).json()
    assert chart["series"][0]["values"] == [20.0, 30.25]
    assert chart["series"][1]["values"] == [50.5, 50.5]
    assert "Standorte mit WLAN" in text_of(await client.get("indicators?indicators.kind=output"))
    assert "Standorte mit WLAN" not in text_of(await client.get("indicators?indicators.drafts=1"))
    assert "2 eingetragene Werte" in text_of(await client.post(f"{made}/delete"))
    assert await client.done(f"{made}/delete", {"confirmed": "yes"}) == f"/console/potsdam/measures/{MEASURE}"


async def test_a_figure_of_tomorrow_is_refused_at_its_field(world_sqlite: World) -> None:
    made = await indicator(world_sqlite)
    client = await world_sqlite.console("potsdam", roles=["editor"])
    answer = await client.post(f"indicators/{made}", {"on": "2026-06-02", "value": "3"})
    assert answer.status_code == 422
    assert 'id="f-on-fault"' in answer.text


async def test_settings_are_a_form_with_bounds_words_and_origin(world: World) -> None:
    client = await world.console("potsdam", roles=["tenant-admin"])
    page = await client.get("settings/booking")
    words = text_of(page)
    assert "Vormerkung gilt (Minuten)" in words
    assert "Vorgabe" in words
    wrong = await client.post("settings/booking", form_values(page) | {"hold_minutes": "0", "series_dates": "7"})
    assert wrong.status_code == 422
    assert 'id="f-hold_minutes-fault"' in wrong.text
    assert 'name="series_dates" ' in wrong.text
    await client.done("settings/booking", form_values(page) | {"hold_minutes": "45"})
    settings = world.platform.plugins.healthy["booking"].settings
    now: Any = world.platform.settings_of(world.tenant("potsdam"), settings)
    assert (now.hold_minutes, now.series_dates) == (45, 60)
    assert "hier geändert" in text_of(await client.get("settings/booking"))
    await client.done("settings/booking/reset", {"name": "hold_minutes"})
    now = world.platform.settings_of(world.tenant("potsdam"), settings)
    assert now.hold_minutes == 10


async def test_a_secret_is_never_shown_and_an_empty_field_leaves_it_alone(world_sqlite: World) -> None:
    client = await world_sqlite.console("potsdam", roles=["tenant-admin"])
    page = await client.get("settings/lorawan")
    await client.done("settings/lorawan", form_values(page) | {"mqtt_password": "Geheim-123"})
    page = await client.get("settings/lorawan")
    assert "Geheim" not in page.text
    assert "gesetzt" in text_of(page)
    await client.done("settings/lorawan", form_values(page) | {"mqtt_username": "sensoren"})
    moved = await client.post("settings/lorawan", form_values(page) | {"mqtt_port": "1883"})
    assert moved.status_code == 422
    assert 'id="f-mqtt_password-fault"' in moved.text
    settings = world_sqlite.platform.plugins.healthy["lorawan"].settings
    now: Any = world_sqlite.platform.settings_of(world_sqlite.tenant("potsdam"), settings)
    assert (now.mqtt_password.get_secret_value(), now.mqtt_username, now.mqtt_port) == ("Geheim-123", "sensoren", 8883)


async def test_lists_of_days_are_entered_line_by_line(world_sqlite: World) -> None:
    client = await world_sqlite.console("potsdam", roles=["tenant-admin"])
    page = await client.get("settings/health_directory")
    days = {"additional_holidays": "2026-10-31\n2026-12-24"}
    await client.done("settings/health_directory", form_values(page) | days)
    assert "2026-12-24" in (await client.get("settings/health_directory")).text
    wrong = await client.post("settings/health_directory", form_values(page) | {"additional_holidays": "31. Mai"})
    assert 'id="f-additional_holidays-fault"' in wrong.text


async def test_a_consent_is_granted_and_withdrawn_naming_who_loses_what(world: World) -> None:
    client = await world.console("potsdam", roles=["tenant-admin"])
    form = {
        "dataset": "atlas.procedures", "reader": "berlin", "purpose": "Verfahren an der Stadtgrenze",
        "legal_basis": "Vereinbarung", "valid_from": "2026-06-01", "valid_until": "",
    }  # fmt: skip
    wrong = await client.post("sharing/new", form | {"valid_until": "2026-05-01"})
    assert 'id="f-valid_until-fault"' in wrong.text
    await client.done("sharing/new", form)
    page = await client.get("sharing?sharing.reader=berlin")
    assert "Verfahren an der Stadtgrenze" in text_of(page)
    found = re.search(r"/console/potsdam/sharing/([0-9a-f-]{36})/withdraw", page.text)
    assert found is not None
    question = text_of(await client.post(f"sharing/{found[1]}/withdraw"))
    assert "Berlin liest" in question
    assert "ab sofort nicht mehr" in question
    await client.done(f"sharing/{found[1]}/withdraw", {"confirmed": "yes"})
    assert "Verfahren an der Stadtgrenze" not in text_of(await client.get("sharing"))
    assert "widerrufen" in text_of(await client.get("sharing?sharing.withdrawn=1"))


async def test_the_audit_trail_filters_and_exports(world: World) -> None:
    admin = await world.console("potsdam", roles=["tenant-admin"])
    await admin.done(f"measures/{MEASURE}/edit", {"title": "Anderer Titel"})
    client = await world.console("potsdam", roles=["auditor"])
    words = text_of(await client.get("audit?audit.action=tenant.measure_changed"))
    assert "Maßnahme geändert" in words
    assert "1 Eintrag" in words or "Modellvorhaben" in words
    assert "Maßnahme geändert: measure" not in text_of(await client.get("audit?audit.from=2027-01-01"))
    file = await client.get("audit?format=csv&list=audit&audit.object=" + MEASURE)
    assert '""title"":""Anderer Titel""' in file.text


async def test_work_in_progress_is_shown_with_its_bar(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        await begin_work(ctx, "lorawan.redecode", t("Neu dekodieren", "Decode again"), total=4)
    client = await world_sqlite.console("potsdam", roles=["editor"])
    page = await client.get("work")
    assert "Neu dekodieren" in text_of(page)
    assert "<progress" in page.text
    assert "Neu dekodieren" in text_of(await client.get(""))


async def test_the_overview_says_what_needs_attention(world_sqlite: World) -> None:
    await indicator(world_sqlite, due=date(2026, 5, 1))
    client = await world_sqlite.console("potsdam", roles=["tenant-admin"])
    words = text_of(await client.get(""))
    assert "Überfällige Indikatoren: 1" in words
    assert "Leichter Sprache" in words
    assert "Gebärdensprache" in words


async def test_the_measures_take_a_constant_number_of_statements(world: World) -> None:
    client = await world.console("potsdam", roles=["editor"])
    await client.get("measures")
    with world.statements() as few:
        await client.get("measures")
    async with world.scope("potsdam").write() as ctx:
        for number in range(20):
            await add_measure(ctx, f"m-{number}", {"title": f"Maßnahme {number}"})
    with world.statements() as many:
        await client.get("measures")
    assert len(many) == len(few)


def form_values(page: httpx.Response) -> dict[str, str]:
    """What a browser would send for the form of the page, unchanged."""
    values: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", page.text):
        name, value = re.search(r' name="(\w+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and 'type="checkbox"' in tag:
            if " checked" in tag:
                values[name[1]] = "on"
        elif name and name[1] not in ("csrf", "on", "name", "confirmed"):
            values[name[1]] = value[1] if value else ""
    values |= dict(re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', page.text))
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', page.text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return values
