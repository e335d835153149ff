"""Every table of an installation as migrated: which belong to towns, and the few that do not, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.postgresql import APP_ROLE
from regiohub.testing.contract.promises.tables.inventory import companions
from regiohub.testing.contract.promises.tables.keys import keys_apart
from regiohub.testing.contract.promises.tables.walls import (
    doors,
    powers,
    unguarded,
    with_owners_rights,
)

WITHOUT_TOWN: Mapping[str, str] = {
    "tenant": "the list of towns itself",
    "programme": "programmes that several towns share stand once",
    "platform_state": "facts about the installation",
    "core_data_version": "counters of changes; they hold nothing of what has changed",
    "core_session": "sign-ins to the console, which may be of the region or of several towns",
    "core_transfer": "how far a town has come in or gone: one that is not there yet, or no longer",
    "core_logout_token": "marks of logout messages already seen, of an issuer and of no town",
    "spatial_ref_sys": "coordinate systems, brought by PostGIS",
}
"""Tables without `tenant_id`. A table that is neither here nor walled in is a fault."""
WITH_OWNERS_RIGHTS: Mapping[str, str] = {
    "lorawan_ensure_month": "makes the partition of a month, which only the owner can; it touches no row",
}
"""Functions that pass over the policies."""
_MASTERS = """
SELECT DISTINCT f.confrelid::regclass::text FROM pg_constraint f
WHERE f.contype = 'f' AND f.confdeltype IN ('c', 'n', 'd') AND has_table_privilege(:role, f.confrelid, 'DELETE')
AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = f.confrelid AND a.attname = 'tenant_id')
"""
VERSIONS = "alembic_version"
"""How the names of tables end that say how far a part is migrated."""


def tables_of_towns(connection: Connection) -> list[str]:
    """Every table that has the town's column; partitions and the parts of an R*Tree belong to their tables."""
    return [name for name, columns in _tables(connection).items() if "tenant_id" in columns]


def faults(connection: Connection, beginning: tuple[str, ...] = ("",)) -> list[str]:
    """All that stands open between towns, read off the catalogue of the database.

    `beginning`: how the names of the tables begin that are looked at; default: every table.
    """
    all_tables = {name: columns for name, columns in _tables(connection).items() if name.startswith(beginning)}
    tables = [name for name, columns in all_tables.items() if "tenant_id" in columns]
    homeless = [
        f"{name} has no tenant_id and is not on the list of tables without town"
        for name, columns in all_tables.items()
        if "tenant_id" not in columns and name not in WITHOUT_TOWN and not name.endswith(VERSIONS)
    ]
    mighty = [
        f"the function {name} runs with its owner's rights and is not on the list of those that may"
        for name in with_owners_rights(connection)
        if name not in WITH_OWNERS_RIGHTS
    ]
    masters = [f"a row deleted in {name} takes rows of towns along" for name in _masters(connection)]
    apart = [fault for table in tables for fault in keys_apart(connection, table)]
    return [
        *homeless,
        *mighty,
        *masters,
        *apart,
        *unguarded(connection, tables),
        *doors(connection),
        *powers(connection),
    ]


def _masters(connection: Connection) -> list[str]:
    """Tables of no town in which the serving role may delete, though tables of towns refer to them.

    For foreign keys the database acts with the rights of the tables' owner, past the policies.
    """
    if connection.dialect.name != "postgresql":
        return []
    return list(connection.scalars(sa.text(_MASTERS), {"role": APP_ROLE}))


def _tables(connection: Connection) -> Mapping[str, set[str]]:
    inspector = sa.inspect(connection)
    beside = set(companions(connection))
    return {
        name: {column["name"] for column in inspector.get_columns(name)}
        for name in sorted(inspector.get_table_names())
        if name not in beside
    }
