"""What is held on a person, by command; and purging a plugin in a town."""

import asyncio
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx
from regiohub.testing.databases import Address, settings_for
from regiohub.testing.factories import make
from regiohub_booking.models import Booking

from .conftest import Shell

ANNA = ("anna", "--tenant", "potsdam", "--email", "anna@example.org")


@pytest.fixture
def booked(shell: Shell) -> None:
    """A booking of Anna in two towns, long over."""

    async def plant(ctx: Ctx) -> None:
        await make(ctx, Booking, subject="anna", booker_email="anna@example.org", booker_name="Anna")

    async def book() -> None:
        url = f"sqlite+aiosqlite:///{(Path(shell.root) / 'data' / 'regiohub.sqlite3').as_posix()}"
        platform = Platform(settings_for(Address(url, url), shell.root / "data"))
        await platform.start()
        try:
            for slug in ("potsdam", "bad-belzig"):
                town = platform.tenants.get(slug)
                assert town is not None
                await platform.scope(town).run(plant)
        finally:
            await platform.stop()

    asyncio.run(book())


@pytest.mark.usefixtures("booked")
def test_a_person_is_exported_shown_and_erased(shell: Shell) -> None:
    printed = shell.run("subject", "export", *ANNA)
    assert printed.json["records"] == 1, printed.err
    file = shell.root / "anna.json"
    told = shell.run("subject", "export", *ANNA, "--output", str(file))
    assert f"1 records are in {file}." in told.out
    assert json.loads(file.read_text())["parts"][0]["source"] == "booking_booking"
    assert file.stat().st_mode & 0o077 == 0
    again = shell.run("subject", "export", *ANNA, "--output", str(file))
    assert (again.code, "exists already" in again.err) == (3, True)
    report = shell.run("subject", "erase", *ANNA, "--yes", "--json").json
    assert [(one["category"], one["cleared"]) for one in report["outcomes"]] == [("bookings", 1)]
    shown = shell.run("subject", "erase", *ANNA)
    assert "Nothing is held on this person." in shown.out
    # Nobody has put a backup back since.
    assert "0 people erased again." in shell.run("subject", "erase-again").out
    (shell.root / "list").write_text("nonsense\n", encoding="utf-8")
    wrong = shell.run("subject", "erase-again", "--ledger", str(shell.root / "list"))
    assert (wrong.code != 0, "is no erasure" in wrong.err, "Traceback" in wrong.err) == (True, True, False)
    there = shell.run("subject", "export", "anna", "--tenant", "bad-belzig").json
    assert (there["records"], there["also_named"]) == (1, ["anna@example.org"])


@pytest.mark.usefixtures("booked")
def test_a_document_that_cannot_be_written_is_not_handed_out(shell: Shell) -> None:
    (shell.root / "file").write_text("", encoding="utf-8")
    done = shell.run("subject", "export", *ANNA, "--output", str(shell.root / "file" / "anna.json"))
    assert (done.code, "cannot be written" in done.err, "Traceback" in done.err) == (3, True, False)
    gone = shell.run("subject", "export", "anna", "--tenant", "postdam", "--output", str(shell.root / "anna.json"))
    assert (gone.code, (shell.root / "anna.json").exists()) == (3, False)
    entries = shell.run("audit", "list", "--tenant", "potsdam", "--json").json
    assert "tenant.subject_exported" not in [entry["action"] for entry in entries]


def test_what_cannot_be_meant_is_refused_in_words(shell: Shell) -> None:
    for words, fault in (
        (("subject", "erase", "kein@", "--tenant", "potsdam", "--yes"), "valid e-mail address"),
        (("subject", "erase", *ANNA, "--json"), "nobody to ask"),
        (("subject", "export", "anna", "--tenant", "postdam"), "potsdam"),
    ):
        done = shell.run(*words)
        assert done.code != 0
        assert fault in done.err
        assert "Traceback" not in done.err


@pytest.mark.usefixtures("booked")
def test_a_plugin_is_purged_in_one_town_once_it_is_off(shell: Shell) -> None:
    words = ("plugin", "purge", "booking", "--tenant", "potsdam", "--export", str(shell.root / "out.zip"), "--yes")
    refused = shell.run(*words)
    assert (refused.code, "switch it off first" in refused.err) == (1, True)
    assert shell.run("plugin", "disable", "booking", "--tenant", "potsdam").code == 0
    (shell.root / "file").write_text("", encoding="utf-8")
    unwritable = shell.run(*words[:-2], str(shell.root / "file" / "out.zip"), "--yes")
    assert (unwritable.code, "nothing was deleted" in unwritable.err) == (1, True)
    assert "Traceback" not in unwritable.err
    done = shell.run(*words, "--json").json
    assert done["tables"]["booking_booking"] == 1
    with ZipFile(shell.root / "out.zip") as archive:
        assert archive.read("tables/booking_booking.ndjson").count(b"\n") == 1
    repeated = shell.run(*words)
    assert (repeated.code, "exists already" in repeated.err) == (1, True)
    assert shell.run("subject", "export", "anna", "--tenant", "bad-belzig").json["records"] == 1
