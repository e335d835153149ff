"""Whether rows and files of a town are still, or again, exactly those of an archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from regiohub.db.scope import Scope
from regiohub.db.session import TenantSession
from regiohub.tenancy.models import TenantRow

from .canonical import line
from .container import files_of_town, hash_of
from .export import facts_of
from .filling import digest_of
from .manifest import TOWN, Manifest
from .progress import Progress
from .rows import Rows
from .tables import EXEMPT, models_by_owner, ordered, strangers

if TYPE_CHECKING:
    from regiohub.db.database import Database
    from regiohub.plugins.host import PluginHost


def tables_of(plugins: PluginHost, manifest: Manifest) -> list[Rows]:
    """The tables of an archive that are known here, those that others point to first."""
    known = [model for models in models_by_owner(plugins).values() for model in models]
    named = {table.name for table in manifest.tables}
    return [Rows(m) for m in ordered(known) if m.__tablename__ in named and m.__tablename__ not in EXEMPT]


async def other_tables(
    session: TenantSession, plugins: PluginHost, manifest: Manifest, progress: Progress
) -> AsyncIterator[str]:
    """Names of the tables whose rows in the session's town are not those of the archive, byte for byte."""
    members = {table.name: table for table in manifest.tables}
    for rows in tables_of(plugins, manifest):
        facts = members[rows.name]
        progress.begin(f"comparing {rows.name}", facts.rows)
        found = await digest_of(rows.chunks(session), progress.advance)
        if found != (facts.rows, manifest.members[facts.member].sha256):
            yield rows.name


async def changed_rows(
    connection: AsyncConnection, database: Database, plugins: PluginHost, town: int, manifest: Manifest,
    progress: Progress,
) -> str | None:  # fmt: skip
    """Name of a table that is not what the archive holds, read on a connection that may see all rows; None if all are.

    It reads in the transaction that is open there, so that what it has seen is what that transaction goes on with.
    """
    # A reading session would make the transaction one that only reads. It leaves the transaction open.
    async with TenantSession(connection, Scope(tenant=town, write=True), database.clock) as session:
        row = (await session.scalars(sa.select(TenantRow).where(TenantRow.id == town))).one_or_none()
        if row is None or sha256(line(facts_of(row, without=("id",)))).hexdigest() != manifest.members[TOWN].sha256:
            return TenantRow.__tablename__
        known = {table.name for table in manifest.tables} | manifest.left_out.keys()
        for name in await strangers(session, known):
            return name
        async for name in other_tables(session, plugins, manifest, progress):
            return name
    return None


def changed_file(folder: Path, manifest: Manifest) -> str | None:
    """A file below a town's folder that is not in the archive as it is, or the other way round; None if all agree."""
    there = dict(files_of_town(folder))
    wanted = {name: manifest.members[name] for name in manifest.below("files")}
    for name in sorted(there.keys() ^ wanted.keys()):
        return name
    for name, path in there.items():
        with path.open("rb") as file:
            if path.stat().st_size != wanted[name].bytes or hash_of(file) != wanted[name].sha256:
                return name
    return None
