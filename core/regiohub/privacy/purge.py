"""Purging: all that a plugin holds in one town is written into an archive, and then deleted there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import CursorResult

from regiohub.archive.container import files_below
from regiohub.archive.drafts import new_archive
from regiohub.archive.manifest import is_member_name
from regiohub.archive.naming import unnameable
from regiohub.archive.rows import Rows
from regiohub.auth.permissions import TENANT_PLUGINS
from regiohub.auth.principal import SYSTEM, Principal
from regiohub.db.base import TenantTable
from regiohub.db.heads import head_of
from regiohub.demo.models import DemoState
from regiohub.errors import Conflict, NotFound, Unavailable
from regiohub.events.models import JobState, OutboxEntry
from regiohub.plugins.manifest import Plugin
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.models import Activation, PluginSetting
from regiohub.texts import t
from regiohub.work import Work

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx

FORMAT = "regiohub-plugin-export"
FORMAT_VERSION = 1
_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did: rows by table, the platform's rows about the plugin, files, and the archive's hash."""

    plugin: str
    archive: Path
    sha256: str
    tables: Mapping[str, int]
    core: Mapping[str, int]
    files: int

    @property
    def rows(self) -> int:
        """How many rows of the plugin went."""
        return sum(self.tables.values())


async def purge(
    platform: Platform, tenant: TenantInfo, plugin: str, *, export: Path, principal: Principal = SYSTEM
) -> Purged:
    """Export what a plugin holds in a town to a new zip file, then delete it there; nothing else is touched.

    Export and deletion of rows see the same state, in one transaction: what comes in meanwhile is refused or stays.
    Broken off before its end, no row is deleted, and it can be repeated with another file name. Files of the town's
    folder go once the transaction is committed, and only those in the archive: a repeated purge finds what is left.

    :raises NotFound: no such plugin. :raises Conflict: it is on in this town (or always on), the file exists, or the
    plugin's files lie among those that the town is set up from, or have names that no archive can hold.
    :raises InvalidInput: the archive cannot be written. :raises Unavailable: rows are deleted, and files could not be.
    :raises Forbidden: the caller may not (or ``Unauthenticated``).
    """
    found = _off(platform, tenant, plugin)
    folders = own_folders(platform.tenant_dir(tenant), plugin)
    _apart(platform.settings.tenants_dir / tenant.slug, folders)
    files, links = await asyncio.to_thread(lambda: (files_below(folders), _links(folders)))
    members = {path: f"files/{path.relative_to(platform.tenant_dir(tenant)).as_posix()}" for path in files}
    if odd := [name for name in members.values() if not is_member_name(name)]:
        raise unnameable(odd, field="export")
    scope = platform.scope(tenant, principal=principal)
    async with scope.write() as ctx:
        await _one_state(ctx)
        ctx.require(TENANT_PLUGINS)
        # Switched on in another process since the town was loaded: the table knows.
        await _still_off(ctx, plugin)
        tables, core = tables_of(found), core_rows(plugin)
        async with new_archive(export, field="export") as made:
            for model in tables:
                await made.rows(f"tables/{model.__tablename__}.ndjson", Rows(model).chunks(ctx.session))
            for model, mine in core:
                await made.rows(f"platform/{model.__tablename__}.ndjson", Rows(model).chunks(ctx.session, mine))
            copied = [path for path, name in members.items() if await made.file(name, path)]
            written = {name: member.facts for name, member in made.written.items()}
            made.finish({**_facts(ctx, found), "members": written})
        gone = {str(model.__tablename__): await _delete(ctx, model) for model in reversed(tables)}
        about = {str(model.__tablename__): await _delete(ctx, model, mine) for model, mine in core}
        done = Purged(plugin, export, made.sha256, gone, about, len(copied))
        after = {"rows": done.rows, "files": done.files, **about, "archive_sha256": done.sha256}
        await ctx.audit("tenant.plugin_purged", kind="plugin", id=plugin, after=after)
        await ctx.town_changed()
    await asyncio.to_thread(_remove, [*copied, *links], folders)
    return done


def own_folders(folder: Path, plugin: str) -> list[Path]:
    """What belongs to a plugin in a town's folder: `<plugin>`, and names that go on after it with `-` or a dot."""
    return sorted(
        path for path in folder.iterdir() if path.name == plugin or path.name.startswith((f"{plugin}-", f"{plugin}."))
    )


def tables_of(plugin: Plugin) -> list[type[TenantTable]]:
    """The plugin's tables that belong to towns; those that others point to come first."""
    models = {str(model.__tablename__): model for model in plugin.models if issubclass(model, TenantTable)}
    tables = [cast("sa.Table", model.__table__) for model in models.values()]
    ordered = sa.sql.ddl.sort_tables(tables)  # type: ignore[no-untyped-call]
    return [models[table.name] for table in ordered]


def core_rows(plugin: str) -> list[tuple[type[TenantTable], sa.ColumnElement[bool]]]:
    """What the platform keeps about a plugin in a town: work, mails, jobs, settings. Switches and the log stay."""
    events = OutboxEntry.name.startswith(f"{plugin}.", autoescape=True)
    mails = OutboxEntry.name.startswith(f"{plugin}/", autoescape=True)
    return [
        (OutboxEntry, sa.or_(events, mails)),
        (JobState, JobState.name.startswith(f"{plugin}.", autoescape=True)),
        (Work, Work.kind.startswith(f"{plugin}.", autoescape=True)),
        (PluginSetting, PluginSetting.plugin == plugin),
        (DemoState, DemoState.plugin == plugin),
    ]


def _off(platform: Platform, tenant: TenantInfo, plugin: str) -> Plugin:
    found = platform.plugins.healthy.get(plugin)
    if found is None:
        raise NotFound(
            t(
                f"Das Plugin {plugin} fehlt oder ist nicht nutzbar; nur mit ihm sind seine Tabellen lesbar.",
                f"The plugin {plugin} is missing or cannot be used; its tables can be read with it only.",
            ),
            field="plugin",
        )
    if found.level == "platform":
        raise Conflict(
            t(
                f"Das Plugin {plugin} gehört zur Plattform und ist immer eingeschaltet.",
                f"The plugin {plugin} is part of the platform and always on.",
            ),
            field="plugin",
        )
    if plugin in tenant.switched:
        raise _on(plugin, tenant)
    return found


def _apart(town: Path, folders: Iterable[Path]) -> None:
    """Raises Conflict where what would be deleted may be among the files that the town is set up from."""
    town = town.resolve()
    for folder in map(Path.resolve, folders):
        if folder.is_relative_to(town) or town.is_relative_to(folder):
            raise Conflict(
                t(
                    f"{folder} liegt im Ordner, aus dem die Kommune eingerichtet wird (REGIOHUB_TENANTS_DIR), und "
                    "wird deshalb nicht gelöscht. Bitte die beiden Ordner trennen.",
                    f"{folder} lies in the folder that the town is set up from (REGIOHUB_TENANTS_DIR), and is "
                    "therefore not deleted. Please keep the two folders apart.",
                )
            )


def _links(folders: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for one in folders:
        found += [one] if one.is_symlink() else [path for path in one.rglob("*") if path.is_symlink()]
    return found


def _remove(paths: Iterable[Path], folders: Sequence[Path]) -> None:
    """Delete these files, then the folders that are empty: what somebody has put there since then stays."""
    try:
        for path in paths:
            path.unlink(missing_ok=True)
        inside = [path for one in folders for path in one.rglob("*")]
        for path in sorted((*folders, *inside), key=lambda one: -len(one.parts)):
            if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise Unavailable(
            t(
                f"Die Einträge sind ausgegeben und gelöscht; {error.filename} ließ sich nicht löschen "
                f"({error.strerror}). Bitte beheben und mit einem anderen Dateinamen wiederholen.",
                f"The rows are exported and deleted; {error.filename} could not be deleted ({error.strerror}). Please "
                "mend that, and repeat with another file name.",
            )
        ) from error


async def _still_off(ctx: Ctx, plugin: str) -> None:
    on = sa.select(sa.func.count()).select_from(Activation).where(Activation.plugin == plugin, Activation.on)
    if await ctx.session.scalar(on):
        raise _on(plugin, ctx.tenant)


def _on(plugin: str, tenant: TenantInfo) -> Conflict:
    return Conflict(
        t(
            f"Das Plugin {plugin} ist in {tenant.short_name} eingeschaltet; bitte zuerst ausschalten.",
            f"The plugin {plugin} is on in {tenant.short_name}; switch it off first.",
        ),
        field="plugin",
    )


async def _one_state(ctx: Ctx) -> None:
    """Let the whole transaction see one state, and take as long as it needs. SQLite: one writer at a time anyway."""
    if ctx.session.dialect == "postgresql":
        await ctx.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    await ctx.session.patient()


async def _delete(ctx: Ctx, model: type[TenantTable], mine: sa.ColumnElement[bool] | None = None) -> int:
    statement = sa.delete(model) if mine is None else sa.delete(model).where(mine)
    done = await ctx.session.execute(statement, execution_options=_NO_SYNC)
    return max(cast("CursorResult[Any]", done).rowcount, 0)


def _facts(ctx: Ctx, plugin: Plugin) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "plugin": plugin.id,
        "plugin_version": plugin.version,
        "schema_revision": head_of(plugin.migrations) if plugin.migrations else None,
        "town": {"slug": ctx.tenant.slug, "name": ctx.tenant.name, "ags": ctx.tenant.ags},
        "made_at": ctx.now().isoformat(),
    }


def as_facts(purged: Purged) -> dict[str, Any]:
    """The result as plain values, ready for JSON."""
    return {
        "plugin": purged.plugin, "archive": str(purged.archive), "sha256": purged.sha256, "rows": purged.rows,
        "tables": dict(purged.tables), "platform": dict(purged.core), "files": purged.files,
    }  # fmt: skip
