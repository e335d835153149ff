"""Walls around the platform's own tables: no town's session writes there, and the serving role deletes no town.

Deleting a town takes its rows along in every table, past row level security: foreign keys act with owners' rights.
"""

from regiohub.db.migrations import guards, ops

revision = "0012"
down_revision = "0011"

_READ_BY_TOWNS = ("tenant", "programme")
_OUT_OF_SIGHT = ("core_session", "core_logout_token", "core_transfer")


def upgrade() -> None:
    """Put them up."""
    postgresql = ops.is_postgresql()
    for table in (*_READ_BY_TOWNS, *_OUT_OF_SIGHT):
        guard = guards.postgresql_platform if postgresql else guards.sqlite_platform
        for statement in guard(table, readable=table in _READ_BY_TOWNS, lasting=table == "tenant"):
            ops.execute(statement)
    if postgresql:
        ops.execute(guards.postgresql_temporary())


def downgrade() -> None:
    """Take them down."""
    postgresql = ops.is_postgresql()
    for table in (*_READ_BY_TOWNS, *_OUT_OF_SIGHT):
        for statement in (guards.postgresql_open if postgresql else guards.sqlite_open)(table):
            ops.execute(statement)
