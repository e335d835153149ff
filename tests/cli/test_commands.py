"""Commands answer clearly: tables or JSON when it works, one line and a remedy when it does not."""

from __future__ import annotations

import subprocess
import sys
from base64 import urlsafe_b64decode
from json import loads

from .conftest import TOWN, Shell


def test_help_lists_all_commands(empty: Shell) -> None:
    answer = empty.run("--help")
    assert answer.code == 0
    for command in (
        "serve", "worker", "db", "tenant", "plugin", "token", "schema", "demo", "doctor", "audit", "sharing", "outbox",
    ):  # fmt: skip
        assert f" {command} " in answer.out


def test_help_imports_nothing_heavy(empty: Shell) -> None:
    """Without these it takes less than half a second."""
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from regiohub.cli import app; app(['--help'])"],
        env=empty.variables, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    loaded = {line.rsplit("|", 1)[-1].strip() for line in answer.stderr.splitlines()}
    assert "typer" in loaded
    assert loaded.isdisjoint({"sqlalchemy", "fastapi", "strawberry", "alembic", "pydantic_settings", "uvicorn"})


def test_upgrade_brings_everything_up_to_date_and_is_repeatable(empty: Shell) -> None:
    before = empty.run("tenant", "list")
    assert before.code == 4
    assert "Run: regiohub db upgrade" in before.err
    for _ in range(2):
        upgraded = empty.run("db", "upgrade", "--json")
        assert upgraded.code == 0
        assert {state["owner"] for state in upgraded.json} == {
            "core",
            "atlas",
            "booking",
            "health_directory",
            "lorawan",
        }
        assert not any(state["pending"] for state in upgraded.json)
    assert empty.run("db", "status").code == 0


def test_a_town_comes_with_one_file_and_one_command(shell: Shell) -> None:
    missing = shell.run("tenant", "add", "musterstadt")
    assert missing.code == 3
    assert "Write it" in missing.err
    shell.town("musterstadt")
    assert shell.run("tenant", "add", "musterstadt").out == "musterstadt was added.\n"
    assert shell.run("tenant", "add", "musterstadt").out == "musterstadt is up to date.\n"
    facts = shell.run("tenant", "show", "musterstadt", "--json").json
    assert facts["plugins"] == ["booking"]
    assert [(measure["key"], measure["plugins"]) for measure in facts["measures"]] == [("haus", ["booking"])]
    assert [consent["dataset"] for consent in facts["consents"]] == ["booking.resources"]


def test_consents_and_the_audit_log_are_listed(shell: Shell) -> None:
    shares = shell.run("sharing", "list", "--json").json
    assert {share["town"] for share in shares} == {"potsdam", "bad-belzig"}
    assert {share["reader"] for share in shares} == {"region"}
    entries = shell.run("audit", "list", "--tenant", "potsdam", "--action", "tenant.", "--limit", "500", "--json").json
    granted = [entry["after"]["dataset"] for entry in entries if entry["action"] == "tenant.sharing_granted"]
    assert sorted(granted) == sorted(share["dataset"] for share in shares if share["town"] == "potsdam")


def test_a_broken_file_is_refused_with_its_line_and_costs_only_its_own_town(shell: Shell) -> None:
    shell.town("musterstadt")
    broken = shell.town("kaputt", TOWN.replace("musterstadt", "kaputt").replace('state = "BB"', 'state = "XX"'))
    line = broken.read_text().splitlines().index('state = "XX"') + 1
    refused = shell.run("tenant", "add", "kaputt")
    assert refused.code == 1
    assert f"kaputt/tenant.toml:{line}:" in refused.err
    assert shell.run("tenant", "add", "musterstadt").code == 0


def test_settings_that_no_plugin_takes_are_refused_with_their_line(shell: Shell) -> None:
    file = shell.town("musterstadt", TOWN + "\n[plugins.booking]\nhold_minutes = 'ten'\n")
    line = file.read_text().splitlines().index("hold_minutes = 'ten'") + 1
    refused = shell.run("tenant", "add", "musterstadt")
    assert refused.code == 1
    assert f"musterstadt/tenant.toml:{line}:1: plugins.booking.hold_minutes: " in refused.err
    assert "musterstadt" not in {town["slug"] for town in shell.run("tenant", "list", "--json").json}


def test_a_new_town_takes_over_no_host_name_of_another(shell: Shell) -> None:
    claim = 'enable = ["booking"]\nhosts = ["dorf.example.org"]'
    for slug in ("musterstadt", "nachbar"):
        shell.town(slug, TOWN.replace('enable = ["booking"]', claim).replace("musterstadt", slug))
    added = shell.run("tenant", "add", "nachbar")
    assert added.out == "nachbar was added.\n"
    assert "also claimed by: musterstadt" in added.err
    assert shell.run("tenant", "show", "nachbar", "--json").json["hosts"] == []


def test_validate_knows_the_installed_plugins_and_their_settings(empty: Shell) -> None:
    wrong = TOWN.replace('enable = ["booking"]', 'enable = ["bookings"]')
    empty.town("musterstadt", wrong + "\n[plugins.booking]\nhold_minutes = 'ten'\n")
    answer = empty.run("tenant", "validate")
    assert answer.code == 1
    assert "plugin bookings is not installed" in answer.err
    assert "plugins.booking.hold_minutes" in answer.err


def test_a_mistyped_town_gets_near_names(shell: Shell) -> None:
    answer = shell.run("tenant", "show", "potsdamm")
    assert answer.code == 3
    assert "Did you mean: potsdam" in answer.err


def test_an_author_sees_the_plugins_before_there_is_a_database(empty: Shell) -> None:
    listed = empty.run("plugin", "list", "--json").json
    assert {plugin["id"]: (plugin["healthy"], plugin["towns"]) for plugin in listed} == dict.fromkeys(
        ("atlas", "booking", "health_directory", "lorawan"), (True, None)
    )
    assert "regiohub db upgrade" in empty.run("plugin", "list").err


def test_a_plugin_is_switched_off_and_on_for_a_measure(shell: Shell) -> None:
    assert shell.run("plugin", "disable", "atlas", "--tenant", "potsdam").out == "atlas is off in Potsdam.\n"
    listed = {plugin["id"]: plugin for plugin in shell.run("plugin", "list", "--json").json}
    assert listed["atlas"]["towns"] == ["bad-belzig"]
    assert all(plugin["allowed"] and plugin["healthy"] for plugin in listed.values())
    on = shell.run("plugin", "enable", "atlas", "--tenant", "potsdam", "--measure", "modellvorhaben")
    assert on.out == "atlas is on in Potsdam.\n"
    shell.run("plugin", "enable", "atlas", "--tenant", "potsdam")
    off = shell.run("plugin", "disable", "atlas", "--tenant", "potsdam", "--measure", "modellvorhaben")
    assert off.out == "atlas no longer serves modellvorhaben in Potsdam, but is still on there for others.\n"
    unknown = shell.run("plugin", "enable", "nonesuch", "--tenant", "potsdam")
    assert unknown.code == 1
    assert "not installed" in unknown.err


def test_plugins_are_sound_and_described(empty: Shell) -> None:
    answer = empty.run("plugin", "check")
    assert (answer.code, answer.out) == (0, "4 plugins are sound: atlas, booking, health_directory, lorawan\n")
    facts = empty.run("plugin", "show", "booking", "--json").json
    assert facts["id"] == "booking"
    assert "register_graphql" in facts["hooks"]
    assert facts["permissions"]
    assert not (empty.root / "data" / "regiohub.sqlite3").exists(), "neither needs a database"


def test_a_plugin_that_is_not_allowed_is_listed_as_such(shell: Shell) -> None:
    listed = shell.run("plugin", "list", "--json", REGIOHUB_PLUGINS_ALLOWED="booking").json
    assert {plugin["id"]: (plugin["allowed"], plugin["healthy"]) for plugin in listed} == {
        "atlas": (False, False), "booking": (True, True), "health_directory": (False, False), "lorawan": (False, False),
    }  # fmt: skip


def test_schemas_are_exported_per_set_of_plugins_and_town(shell: Shell) -> None:
    file = shell.root / "schema.graphql"
    assert shell.run("schema", "export", "--plugins", "booking", "-o", str(file)).out == ""
    booking = file.read_text()
    assert "createBooking" in booking
    assert "lorawan" not in booking
    assert "createBooking" not in shell.run("schema", "export", "--tenant", "berlin").out


def test_a_token_holds_what_was_asked_for(empty: Shell) -> None:
    answer = empty.run("token", "--tenant", "potsdam", "--role", "editor", "--subject", "anna")
    body = answer.out.split(".")[1]
    claims = loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert claims["sub"] == "anna"
    assert claims["organization"]["potsdam"]["realm_access"]["roles"] == ["editor"]
    assert empty.run("token", "--role", "editor").code == 1


def test_production_refuses_tokens_and_unsafe_settings(empty: Shell) -> None:
    unsafe = empty.run("token", REGIOHUB_ENVIRONMENT="production")
    assert unsafe.code == 3
    assert "REGIOHUB_SECRET_KEY" in unsafe.err
    forced = empty.run(
        "token", REGIOHUB_ENVIRONMENT="production", REGIOHUB_SECRET_KEY="k" * 40, REGIOHUB_DEV_ISSUER="true"
    )
    assert (forced.code, forced.out) == (3, "")
    assert "in production" in forced.err


def test_a_wrong_setting_is_named(empty: Shell) -> None:
    answer = empty.run("doctor", REGIOHUB_PORT="eighty")
    assert answer.code == 3
    assert "REGIOHUB_PORT" in answer.err
    assert "Traceback" not in answer.err


def test_an_unreachable_database_is_one_line_with_a_remedy(empty: Shell) -> None:
    url = "postgresql+asyncpg://anna:geheim@127.0.0.1:1/none"
    answer = empty.run("db", "status", REGIOHUB_DATABASE_URL=url)
    assert answer.code == 4
    assert answer.err.splitlines()[0] == "Error: The database cannot be reached."
    assert "geheim" not in answer.err + answer.out


def test_doctor_finds_a_sound_installation_sound(shell: Shell) -> None:
    answer = shell.run("doctor", "--json")
    assert answer.code == 0, answer.out + answer.err
    subjects = {finding["subject"]: finding["level"] for finding in answer.json}
    for subject in ("Database", "Migrations", "Plugins", "Towns", "Outbox"):
        assert subjects[subject] == "ok", subject


def test_doctor_says_what_to_do_on_an_empty_installation(empty: Shell) -> None:
    answer = empty.run("doctor")
    assert answer.code == 1
    assert "Run: regiohub db upgrade" in answer.out


def test_doctor_warns_where_towns_are_set_up_from_the_folder_of_their_uploads(empty: Shell) -> None:
    folder = str(empty.root / "data" / "tenants")
    findings = {one["subject"]: one for one in empty.run("doctor", "--json", REGIOHUB_TENANTS_DIR=folder).json}
    assert findings["Towns' folder"]["level"] == "warning"
    assert "REGIOHUB_TENANTS_DIR" in findings["Towns' folder"]["remedy"]
    assert "Towns' folder" not in {one["subject"] for one in empty.run("doctor", "--json").json}


def test_doctor_asks_in_production_whom_to_tell_of_a_weakness(empty: Shell) -> None:
    production = {"REGIOHUB_ENVIRONMENT": "production", "REGIOHUB_SECRET_KEY": "k" * 43}
    findings = {one["subject"]: one for one in empty.run("doctor", "--json", **production).json}
    assert findings["Security contact"]["level"] == "warning"
    assert "REGIOHUB_SECURITY_CONTACT" in findings["Security contact"]["remedy"]
    told = empty.run("doctor", "--json", **production, REGIOHUB_SECURITY_CONTACT="mailto:security@example.org")
    assert "Security contact" not in {one["subject"] for one in told.json}


def test_doctor_lists_all_settings_without_their_secrets(empty: Shell) -> None:
    rows = empty.run(
        "doctor", "--settings", "--json", REGIOHUB_SMTP_URL="smtp://a:geheim@mail.example", REGIOHUB_SECRET_KEY="k" * 40
    ).json
    names = {row["name"]: row for row in rows}
    assert names["REGIOHUB_SMTP_URL"]["set"] is True
    assert "geheim" not in str(rows)
    assert "k" * 40 not in str(rows)
    assert all(row["meaning"] for row in rows)


def test_bootstrap_explains_itself_on_the_embedded_database(empty: Shell) -> None:
    answer = empty.run("db", "bootstrap")
    assert answer.code == 3
    assert "REGIOHUB_DATABASE_URL" in answer.err
