"""Which tables belong to towns: by the models, and by the database itself, so that none is forgotten."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.base import Base, TenantTable
from regiohub.tenancy.transfers import TownKey

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.plugins.host import PluginHost

CORE: Final = "core"
EXEMPT: Final[Mapping[str, str]] = {
    TownKey.__tablename__: "keys are no rows to be read: they go along under a passphrase, or not at all",
}
"""Tables of towns that are not in an archive, each with the reason."""

# Rooms whose tables nobody else may have loaded yet.
_ROOMS = ("audit", "auth.roles", "demo", "events", "graphql.persisted", "sharing", "tenancy", "work")

_SQLITE = (
    "SELECT m.name FROM sqlite_schema m WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'"
    " AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'tenant_id') ORDER BY m.name"
)
_POSTGRESQL = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped"
    " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname"
)


def core_models() -> list[type[TenantTable]]:
    """The platform's own tables of towns."""
    for room in _ROOMS:
        importlib.import_module(f"regiohub.{room}.models")
    return [
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantTable)
        and mapper.class_.__module__.startswith("regiohub.")
        and not mapper.class_.__module__.startswith("regiohub.testing.")
    ]


def models_by_owner(plugins: PluginHost) -> dict[str, list[type[TenantTable]]]:
    """All tables of towns by who brings them: "core" or a plugin's id."""
    owned = {CORE: core_models()}
    for id_, plugin in plugins.healthy.items():
        owned[id_] = [model for model in plugin.models if issubclass(model, TenantTable)]
    return owned


def ordered(models: Iterable[type[TenantTable]]) -> list[type[TenantTable]]:
    """Tables that others point to come first; otherwise by name."""
    by_name = {str(model.__tablename__): model for model in models}
    tables = [cast("sa.Table", model.__table__) for model in by_name.values()]
    tables.sort(key=lambda table: table.name)
    found = sa.sql.ddl.sort_tables(tables)  # type: ignore[no-untyped-call]
    return [by_name[table.name] for table in found]


def points_to_itself(model: type[TenantTable]) -> list[str]:
    """Columns by which rows of a table point to other rows of it."""
    table = cast("sa.Table", model.__table__)
    found = [key for key in table.foreign_key_constraints if key.referred_table is table]
    return [column.name for key in found for column in key.columns if column.name != "tenant_id"]


def tables_in(connection: Connection) -> list[str]:
    """Names of all tables with a town's number in this database, also of plugins that are not installed any more."""
    text = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    return list(connection.execute(sa.text(text)).scalars())


async def strangers(session: TenantSession, known: Iterable[str]) -> dict[str, int]:
    """Tables in the database that hold rows of the session's town and that nothing installed knows; how many rows."""
    connection = await session.connection()
    names = sorted(set(await connection.run_sync(tables_in)) - set(known))
    found: dict[str, int] = {}
    for name in names:
        counted = await session.sql(f'SELECT count(*) FROM "{name}" WHERE tenant_id = :tenant_id')  # noqa: S608 - from the catalogue
        if rows := counted.scalar_one():
            found[name] = rows
    return found
