"""Commands for people, programs and rights."""

from __future__ import annotations

from .conftest import Shell


def test_first_admin_of_a_town_is_invited_listed_and_removed(shell: Shell) -> None:
    invited = shell.run("identity", "invite", "potsdam", "neu@example.org", "--role", "editor", "--first-name", "Nele")
    assert (invited.code, invited.out.strip()) == (0, "neu@example.org is invited as editor.")
    assert (
        shell.run("identity", "grant", "potsdam", "neu@example.org", "auditor").out.strip().endswith("auditor, editor")
    )
    found = {row["email"]: row for row in shell.run("identity", "members", "potsdam", "--json").json}
    assert (found["neu@example.org"]["roles"], found["neu@example.org"]["state"]) == (["auditor", "editor"], "invited")
    assert shell.run("identity", "revoke", "potsdam", "neu@example.org", "auditor").out.strip().endswith(": editor")
    assert shell.run("identity", "remove", "potsdam", "neu@example.org", "--yes").code == 0
    assert "neu@example.org" not in shell.run("identity", "members", "potsdam").out


def test_refusals_are_one_clear_line(shell: Shell) -> None:
    again = shell.run("identity", "invite", "potsdam", "redaktion@potsdam.example", "--role", "editor")
    assert again.code == 1
    assert "belongs to this town already" in again.err
    assert "Traceback" not in again.err
    unknown = shell.run("identity", "grant", "potsdam", "niemand@example.org", "editor")
    assert unknown.code == 1
    assert "niemand@example.org does not belong to potsdam." in unknown.err


def test_secret_of_a_program_is_printed_alone_and_once(shell: Shell) -> None:
    made = shell.run("identity", "clients", "create", "potsdam", "netz", "--kind", "network-server")
    assert made.code == 0
    secret = made.out.strip()
    assert len(secret) >= 32
    listed = shell.run("identity", "clients", "list", "potsdam", "--json")
    assert listed.json == [{"id": "m2m-potsdam-netz", "purpose": "netz", "roles": ["ingest.write"]}]
    assert secret not in listed.out
    assert shell.run("identity", "clients", "renew", "potsdam", "netz").out.strip() != secret
    assert shell.run("identity", "clients", "remove", "potsdam", "netz").code == 0
    assert "No program has an access yet." in shell.run("identity", "clients", "list", "potsdam").out
    assert shell.run("identity", "clients", "create", "potsdam", "netz", "--kind", "toaster").code == 3


def test_right_is_explained_for_a_person_and_for_roles(shell: Shell) -> None:
    yes = shell.run("access", "explain", "potsdam", "booking.approve", "--person", "redaktion@potsdam.example")
    assert yes.code == 0
    assert yes.out.startswith("Yes: Approve and deny bookings (booking.approve)")
    no = shell.run("access", "explain", "potsdam", "booking.manage", "--role", "auditor", "--json")
    assert no.code == 1
    assert no.json["allowed"] is False
    assert any("None of the roles held (Auditor)" in step["en"] for step in no.json["steps"])
    assert shell.run("access", "explain", "potsdam", "booking.manage").code == 1
