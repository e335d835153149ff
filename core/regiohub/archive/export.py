"""Writing a town's archive: one moment of its rows, its files, its schema, while the server goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from regiohub.audit import archive_part, seal_town
from regiohub.db.heads import head_of
from regiohub.errors import Conflict, InvalidInput
from regiohub.sharing.models import Consent
from regiohub.tenancy.models import ProgrammeRow, TenantRow
from regiohub.texts import t

from .canonical import encoder_of, line
from .container import Archive, files_below, files_of_town
from .drafts import new_archive
from .keys import check_passphrase, installation_of, keys_of, purposes, sealed_keys
from .manifest import (
    AUDIT,
    KEYS,
    PROGRAMME,
    SCHEMA,
    TOWN,
    ColumnFacts,
    ConsentFacts,
    KeyFacts,
    Manifest,
    MemberFacts,
    TableFacts,
    TownFacts,
    is_member_name,
)
from .naming import unnameable
from .progress import UNWATCHED, Progress
from .rows import Rows
from .tables import EXEMPT, models_by_owner, ordered, strangers

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx
    from regiohub.tenancy.info import TenantInfo


_RENAME = t(
    "Bitte umbenennen, oder mit --leave-out ohne diese Dateien ausgeben.",
    "Rename them, or export without these files: --leave-out.",
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished archive."""

    file: Path
    sha256: str
    bytes: int
    manifest: Manifest


async def export_town(
    platform: Platform,
    tenant: TenantInfo,
    target: Path,
    *,
    passphrase: str | None = None,
    strange: bool = False,
    progress: Progress = UNWATCHED,
) -> Exported:
    """Write all of a town into the new file `target`. Broken off, it leaves nothing, and is simply repeated.

    Rows show one moment of the database; files are copied after them, so that each file that a row names is there,
    unless it is deleted meanwhile: the manifest names it then. The log is sealed first, as far as it is sound.
    `passphrase`: the town's keys go along, sealed with it; without one they stay behind. `strange`: rows of plugins
    that are not installed and files that no archive can name are left out, and the manifest says so.

    :raises Conflict: `target` exists, or there are such rows or files. :raises InvalidInput: it cannot be written, or
    the passphrase is too short.
    """
    word = None if passphrase is None else check_passphrase(passphrase)
    async with new_archive(target) as made:
        await _sealed(platform, tenant)
        async with platform.scope(tenant).read() as ctx:
            await ctx.session.patient()
            manifest = await _write(ctx, made, word, strange, progress)
        made.finish(manifest)
    return Exported(target, made.sha256, made.size, manifest)


async def _sealed(platform: Platform, tenant: TenantInfo) -> None:
    """What was written down last leaves under a seal, too. A damaged log leaves as it is."""
    with contextlib.suppress(ValueError, InvalidInput):
        await seal_town(platform, tenant)


async def _write(ctx: Ctx, made: Archive, passphrase: str | None, strange: bool, progress: Progress) -> Manifest:
    platform, tenant, session = ctx.platform, ctx.tenant, ctx.session
    row = (await session.scalars(sa.select(TenantRow).where(TenantRow.id == tenant.id))).one()
    made.content(TOWN, line(facts_of(row, without=("id",))))
    programme = await session.get(ProgrammeRow, row.programme_id) if row.programme_id else None
    if programme is not None:
        made.content(PROGRAMME, line(facts_of(programme)))
    owned = models_by_owner(platform.plugins)
    left_out = dict(EXEMPT)
    unknown = await strangers(session, [str(m.__tablename__) for models in owned.values() for m in models])
    if unknown and not strange:
        raise _unknown(unknown)
    left_out |= {name: f"{rows} rows of a plugin that was not installed" for name, rows in unknown.items()}
    tables = await _tables(session, made, owned, progress)
    made.content(SCHEMA, _schema(platform, tenant).encode())
    try:
        made.content(AUDIT, line(await archive_part(ctx)))
    except InvalidInput as error:
        # A damaged log is no reason to lose everything else, the log itself included.
        left_out[AUDIT] = error.message.en
    if passphrase is not None:
        keys = keys_of(platform, tenant)
        made.content(KEYS, sealed_keys(keys, passphrase, row.slug))
    left_out |= await _files(platform, tenant, row, made, strange, progress)
    return Manifest(
        made_at=platform.clock.now(),
        platform=version("regiohub"),
        installation=installation_of(platform.settings.key),
        town=TownFacts(slug=row.slug, name=row.name, ags=row.ags),
        revisions=revisions_of(platform),
        plugins={id_: plugin.version for id_, plugin in platform.plugins.healthy.items()},
        enabled=tuple(sorted(tenant.enabled)),
        tables=tuple(tables),
        consents=tuple(await _consents(session)),
        keys=KeyFacts(included=passphrase is not None, purposes=tuple(purposes(platform))),
        left_out=left_out,
        members={
            name: MemberFacts(bytes=member.bytes, sha256=member.sha256, rows=member.rows)
            for name, member in made.written.items()
        },
    )


async def _tables(
    session: TenantSession, made: Archive, owned: dict[str, list[Any]], progress: Progress
) -> list[TableFacts]:
    owner = {model: id_ for id_, models in owned.items() for model in models}
    found: list[TableFacts] = []
    for model in ordered(model for model in owner if model.__tablename__ not in EXEMPT):
        rows = Rows(model)
        progress.begin(rows.name)
        member = f"tables/{rows.name}.ndjson"
        number = await made.rows(member, _watched(rows.chunks(session), progress.advance))
        columns = tuple(ColumnFacts(name=c.name, kind=c.kind, nullable=c.nullable) for c in rows.columns)  # type: ignore[arg-type]
        found.append(
            TableFacts(
                name=rows.name, owner=owner[model], member=member, columns=columns, key=tuple(rows.key), rows=number
            )
        )
    return found


def facts_of(row: TenantRow | ProgrammeRow, without: Sequence[str] = ()) -> dict[str, Any]:
    """The values of one of the platform's own rows, ready for `line`."""
    found: dict[str, Any] = {}
    for column in row.__table__.columns:
        if column.name not in without:
            value, encode = getattr(row, column.name), encoder_of(column.type)
            found[column.name] = value if value is None or encode is None else encode(value)
    return found


def revisions_of(platform: Platform) -> dict[str, str]:
    """Newest revision of the tables of the core and of each plugin, which is where a started platform stands."""
    return {part.owner: head_of(part.package) or "" for part in platform.migrations}


def definition_files(platform: Platform, slug: str, programme: str | None) -> list[tuple[str, Path]]:
    """Files that the town is set up from, by the name that they have in an archive."""
    folder = platform.settings.tenants_dir
    found = [(f"definition/{path.relative_to(folder / slug).as_posix()}", path) for path in files_below([folder / slug])
             if (folder / slug).is_dir()]  # fmt: skip
    shared = folder / "programmes" / f"{programme}.toml"
    if programme and shared.is_file():
        found.append((f"programmes/{shared.name}", shared))
    return found


def _schema(platform: Platform, tenant: TenantInfo) -> str:
    from regiohub.graphql.transport.routes import schema_text

    return schema_text(platform, tenant.enabled)


async def _files(
    platform: Platform, tenant: TenantInfo, row: TenantRow, made: Archive, strange: bool, progress: Progress
) -> dict[str, str]:
    """Write the town's files. Returns those that are left out, each with the reason."""
    folder = platform.tenant_dir(tenant)
    inside = await asyncio.to_thread(files_of_town, folder)
    wanted = [*inside, *definition_files(platform, row.slug, row.programme_id)]
    left_out = {name: "no archive can hold this name" for name, _ in wanted if not is_member_name(name)}
    if left_out and not strange:
        raise unnameable(left_out, remedy=_RENAME)
    progress.begin("files", len(wanted))
    for name, path in wanted:
        if name not in left_out and not await made.file(name, path):
            left_out[name] = "deleted while the archive was written"
        progress.advance(1)
    return {name.encode(errors="backslashreplace").decode(): reason for name, reason in left_out.items()}


async def _consents(session: TenantSession) -> list[ConsentFacts]:
    in_force = sa.select(Consent).where(Consent.revoked_at.is_(None))
    rows = await session.scalars(in_force.order_by(Consent.dataset, Consent.reader, Consent.id))
    return [
        ConsentFacts(
            dataset=row.dataset,
            reader=row.reader,
            valid_from=row.valid_from.isoformat(),
            valid_until=row.valid_until.isoformat() if row.valid_until else None,
        )
        for row in rows
    ]


async def _watched(chunks: AsyncIterator[list[bytes]], advance: Callable[[int], None]) -> AsyncIterator[list[bytes]]:
    async for chunk in chunks:
        yield chunk
        advance(len(chunk))


def _unknown(tables: dict[str, int]) -> Conflict:
    names = ", ".join(f"{name} ({rows})" for name, rows in tables.items())
    return Conflict(
        t(
            f"Die Kommune hat Einträge in Tabellen, die kein installiertes Plugin kennt: {names}. Bitte das Plugin "
            "installieren, oder mit --leave-out ohne sie ausgeben.",
            f"The town has rows in tables that no installed plugin knows: {names}. Install the plugin, or export "
            "without them: --leave-out.",
        ),
        field="file",
    )
