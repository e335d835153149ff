"""The log of a town that comes with an archive: nobody brings in one that was rewritten without being noticed."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import sqlalchemy as sa

from regiohub.archive.departure import Leaving, remove_town
from regiohub.audit import AuditFilter, Head, head, list_entries, seal_town, verify
from regiohub.audit.seals.heads import departed_head, kept_head
from regiohub.errors import InvalidInput
from regiohub.tenancy.transfers import Transfer, TransferKind
from regiohub.testing import World
from regiohub.testing.installations import Engine

from .conftest import EMPTY_ONE, ONE, Open, exported, imported, secret
from .test_foreign import forge

OTHER = secret("the key of another installation, long enough")
BOTH = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)  # fmt: skip
LEAVING = Leaving(by="test", settle=0.0)


async def note(world: World, text: str) -> None:
    """An entry, sealed."""
    async with world.scope("potsdam").write() as ctx:
        await ctx.audit("tenant.changed", kind="tenant", id="potsdam", note=text)
    await seal_town(world.platform, world.tenant("potsdam"))


async def end(world: World) -> Head:
    """The head of the town's log."""
    found = await world.scope("potsdam").run(head)
    assert found is not None
    return found


def rewritten(file: Path, target: Path) -> Path:
    """The archive with another entry in its log, without seals, and with a manifest that is true of it."""
    with ZipFile(file) as archive:
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    manifest = json.loads(members.pop("manifest.json"))
    del members["audit.json"], manifest["members"]["audit.json"]
    entries = members["tables/core_audit.ndjson"]
    assert b"the truth" in entries
    for name, content in (
        ("tables/core_audit.ndjson", entries.replace(b"the truth", b"the  lie!")),
        ("tables/core_audit_seal.ndjson", b""),
    ):
        rows = content.count(b"\n")
        members[name] = content
        manifest["members"][name] |= {"bytes": len(content), "sha256": sha256(content).hexdigest(), "rows": rows}
        for table in manifest["tables"]:
            table["rows"] = rows if table["member"] == name else table["rows"]
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(name, content)
    return target


async def transfers(world: World) -> list[TransferKind]:
    """What the installation remembers of towns that came or left."""
    async with world.platform.database.platform() as session:
        return list(await session.scalars(sa.select(Transfer.kind).order_by(Transfer.began_at, Transfer.id)))


async def accepted(world: World) -> list[str | None]:
    """What the log says of itself."""
    async with world.scope("potsdam").read() as ctx:
        return [entry.note for entry in await list_entries(ctx, AuditFilter(action="tenant.log_accepted"))]


@BOTH
async def test_a_town_that_comes_back_goes_on_with_its_log_as_if_it_had_not_been_away(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens(engine, ONE) as world:
        await note(world, "the truth")
        left = await remove_town(world.platform, "potsdam", Leaving(tmp_path / "1.zip", by="test", settle=0.0))
        assert left.archive is not None
        kept = departed_head(world.platform, "potsdam")
        assert kept is not None
        assert kept_head(world.platform, "potsdam") is None
        assert (await imported(world, tmp_path / "1.zip")).log_fault is None
        assert (await end(world), kept_head(world.platform, "potsdam")) == (kept, kept)
        assert departed_head(world.platform, "potsdam") is None
        await note(world, "more of it")
        assert (await world.scope("potsdam").run(verify)).ok
        assert await accepted(world) == []


@BOTH
async def test_a_log_without_seals_does_not_come_in_unless_somebody_accepts_it(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens("sqlite", ONE) as world:
        await note(world, "the truth")
        await exported(world, tmp_path / "1.zip")
    forged = rewritten(tmp_path / "1.zip", tmp_path / "2.zip")
    async with opens(engine, EMPTY_ONE) as world:
        with pytest.raises(InvalidInput, match=r"not sealed.*--accept-log") as refused:
            await imported(world, forged)
        assert refused.value.field == "log"
        await world.platform.tenants.reload()
        assert world.platform.tenants.get("potsdam") is None
        done = await imported(world, forged, accept_log=True)
        assert done.resumed
        assert "not sealed" in (done.log_fault.en if done.log_fault else "")
        assert await accepted(world) == [done.log_fault.en if done.log_fault else None]


@BOTH
async def test_remove_and_import_launder_no_log_that_was_sealed_elsewhere(
    opens: Open, tmp_path: Path, engine: Engine
) -> None:
    async with opens("sqlite", EMPTY_ONE, secret_key=OTHER) as theirs, opens(engine, ONE) as world:
        await note(world, "the truth")
        await exported(world, tmp_path / "1.zip")
        await imported(theirs, rewritten(tmp_path / "1.zip", tmp_path / "2.zip"), consents="keep", accept_log=True)
        await seal_town(theirs.platform, theirs.tenant("potsdam"))
        await exported(theirs, tmp_path / "3.zip")
        await remove_town(world.platform, "potsdam", LEAVING)
        with pytest.raises(InvalidInput, match=rf"{(await end(theirs)).key}, which nobody vouches for"):
            await imported(world, tmp_path / "3.zip", consents="keep")
        assert await transfers(world) == [TransferKind.DEPARTURE], "nothing has been stored"
        # Their head vouches for their key. The one that was kept here when the town left still speaks against it.
        with pytest.raises(InvalidInput, match="does not fit a head that was kept"):
            await imported(world, tmp_path / "3.zip", consents="keep", heads=[await end(theirs)])


async def test_an_older_archive_than_the_log_that_left_is_said_to_be_one(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        await note(world, "the truth")
        await exported(world, tmp_path / "1.zip")
        await note(world, "what is to be forgotten")
        await remove_town(world.platform, "potsdam", LEAVING)
        with pytest.raises(InvalidInput, match="a head that was kept reaches further"):
            await imported(world, tmp_path / "1.zip")
        done = await imported(world, tmp_path / "1.zip", accept_log=True)
        assert done.log_fault is not None
        assert departed_head(world.platform, "potsdam") is None
        await seal_town(world.platform, world.tenant("potsdam"))
        assert (await world.scope("potsdam").run(verify)).ok
        assert len(await accepted(world)) == 1
        # A town of that name that never was here before has nothing to fit.
        await remove_town(world.platform, "potsdam", Leaving(tmp_path / "2.zip", by="test", settle=0.0))
        assert (await imported(world, tmp_path / "2.zip")).log_fault is None


async def test_from_another_installation_a_head_kept_there_vouches_for_the_log(opens: Open, tmp_path: Path) -> None:
    async with opens("sqlite", ONE) as world:
        await note(world, "the truth")
        kept = await end(world)
        await note(world, "more of it")
        await exported(world, tmp_path / "1.zip")
        await note(world, "after the export")
        later = await end(world)
    async with opens("sqlite", EMPTY_ONE, secret_key=OTHER) as world:
        with pytest.raises(InvalidInput, match="nobody vouches for"):
            await imported(world, tmp_path / "1.zip", consents="keep")
        assert await transfers(world) == []
        with pytest.raises(InvalidInput, match="reaches further"):
            await imported(world, tmp_path / "1.zip", consents="keep", heads=[later])
        done = await imported(world, tmp_path / "1.zip", consents="keep", heads=[kept])
        assert done.log_fault is None
        await seal_town(world.platform, world.tenant("potsdam"))
        assert (await world.scope("potsdam").run(lambda ctx: verify(ctx, [kept]))).ok
        assert await accepted(world) == []


@pytest.mark.parametrize("part", [b"5", b"{", b'{"head": {"town": "potsdam"}}', b'{"head": null}'])
async def test_an_end_of_the_log_that_is_none_is_a_doubt_and_no_fault_of_the_program(
    opens: Open, tmp_path: Path, part: bytes
) -> None:
    async with opens("sqlite", ONE) as world:
        await note(world, "the truth")
        await exported(world, tmp_path / "1.zip")
    forged = forge(tmp_path / "1.zip", "audit.json", part)
    async with opens("sqlite", EMPTY_ONE) as world:
        with pytest.raises(InvalidInput, match="--accept-log"):
            await imported(world, forged)
        done = await imported(world, forged, accept_log=True)
        assert done.log_fault is not None
        assert (await world.scope("potsdam").run(verify)).ok
