"""A restored backup brings erased people back; the list of erasures finds them, and names nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from regiohub.audit import AuditEntry
from regiohub.db.backup import back_up
from regiohub.errors import InvalidInput
from regiohub.plugins.subjects import Subject
from regiohub.privacy import erase_returned, erase_subject, read_ledger
from regiohub.privacy.ledger import FILE
from regiohub.tenancy.context import Ctx
from regiohub.testing.databases import Address
from regiohub.testing.world import World, open_world
from regiohub.texts import t
from regiohub_booking.models import Booking

from .conftest import ANNA, PLUGINS, People

pytestmark = PLUGINS


async def test_who_was_erased_after_the_backup_is_erased_again_and_nobody_else(
    world_sqlite: World, tmp_path: Path
) -> None:
    world, people = world_sqlite, People(world_sqlite)
    for slug, subject in (("potsdam", "anna"), ("potsdam", "ben"), ("bad-belzig", "anna")):
        await people.book(slug, subject, f"{subject}@example.org", days=-30)
    await people.book("potsdam", None, "Anna@Example.org", days=-20)
    copy = tmp_path / "copy.sqlite3"
    named = Subject("anna", frozenset({"anna@example.org", "anna@elsewhere.example"}))
    back_up(Path(str(make_url(world.platform.database.url).database)), copy)
    await world.scope("potsdam").run(lambda ctx: erase_subject(ctx, named))
    ledger = world.platform.settings.data_dir / FILE
    assert ledger.stat().st_mode & 0o077 == 0
    assert "anna" not in ledger.read_text().lower()
    url = f"sqlite+aiosqlite:///{copy.as_posix()}"
    settings = world.platform.settings
    async with open_world(Address(url, url), settings.data_dir, plugins_allowed=settings.plugins_allowed) as restored:
        back = People(restored)
        assert [row.subject for row in await back.rows("potsdam", Booking)] == ["anna", "ben", None]
        erasures = read_ledger(ledger)
        reports = await restored.scope("potsdam").run(lambda ctx: erase_returned(ctx, erasures))
        assert [report.found for report in reports] == [2]
        rows = await back.rows("potsdam", Booking)
        assert [(row.subject, row.booker_email) for row in rows] == [
            (None, None), ("ben", "ben@example.org"), (None, None),
        ]  # fmt: skip
        # Only where she was erased; and once: what she does from now on is hers again.
        assert [row.subject for row in await back.rows("bad-belzig", Booking)] == ["anna"]
        await back.book("potsdam", "anna", "anna@example.org", days=-1)
        again = await restored.scope("potsdam").run(lambda ctx: erase_returned(ctx, read_ledger(ledger)))
        assert again == []


async def test_where_nothing_was_restored_nothing_happens(world: World) -> None:
    people = People(world)
    await people.book("potsdam", "anna", "anna@example.org", days=-30)
    await world.scope("potsdam").run(lambda ctx: erase_subject(ctx, ANNA))
    await people.book("potsdam", "anna", "anna@example.org", days=-1)
    erasures = read_ledger(world.platform.settings.data_dir / FILE)
    assert len(erasures) == 1
    assert await world.scope("potsdam").run(lambda ctx: erase_returned(ctx, erasures)) == []
    assert len([row for row in await people.rows("potsdam", AuditEntry) if row.action == "tenant.subject_erased"]) == 1


async def test_an_erasure_that_was_not_committed_is_not_in_the_list(world_sqlite: World) -> None:
    async def fail(ctx: Ctx) -> None:
        await erase_subject(ctx, ANNA)
        raise InvalidInput(t("Nein", "No"))

    with pytest.raises(InvalidInput):
        await world_sqlite.scope("potsdam").run(fail)
    assert read_ledger(world_sqlite.platform.settings.data_dir / FILE) == []


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"at": "x", "town": "a", "person": "b", "names": []}', "[1]"])
def test_a_line_that_is_no_erasure_is_refused_in_words(tmp_path: Path, line: str) -> None:
    file = tmp_path / FILE
    file.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="Line 1 of"):
        read_ledger(file)
