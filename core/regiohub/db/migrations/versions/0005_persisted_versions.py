"""Counters of changed tables, and documents that clients have registered."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    ops.create_platform_table(
        "core_data_version",
        sa.Column("town", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("shard", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    )
    if ops.is_postgresql():
        # Room beside each row: a counter that is raised stays on its page, and no index entry is written.
        ops.execute("ALTER TABLE core_data_version SET (fillfactor = 50)")
    ops.create_tenant_table(
        "core_persisted_document",
        sa.Column("client", sa.Text(), primary_key=True),
        sa.Column("hash", sa.Text(), primary_key=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("registered_at", ops.UtcDateTime(), nullable=False),
        id=False,
    )
    ops.guard("core_persisted_document")


def downgrade() -> None:
    """Drop them."""
    ops.drop_tenant_table("core_persisted_document")
    ops.execute("DROP TABLE core_data_version")
