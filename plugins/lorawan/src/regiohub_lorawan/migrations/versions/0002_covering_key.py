"""Let the key of the observations carry their values, so that a page of a series is read from the index alone.

Sensors write in turn: a thousand values of one series lie on about a thousand pages of the table, and on about ten of
this index. On SQLite the table is its own key already.
"""

from regiohub.api.migrations import ops

revision = "0002"
down_revision = "0001"

_KEY = "PRIMARY KEY (tenant_id, series, ts)"


def upgrade() -> None:
    """Replace the key; on PostgreSQL it is built again for each month."""
    _replace(f"{_KEY} INCLUDE (value, quality)")


def downgrade() -> None:
    """The key without values."""
    _replace(_KEY)


def _replace(key: str) -> None:
    if ops.is_postgresql():
        ops.execute(
            "ALTER TABLE lorawan_observation DROP CONSTRAINT pk_lorawan_observation,"
            f" ADD CONSTRAINT pk_lorawan_observation {key}"
        )
