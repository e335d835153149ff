"""Seals of the audit log, and keys of earlier signers.

Entries that are there already stay as they are: the worker's first round seals them.
"""

import sqlalchemy as sa

from regiohub.db.migrations import guards, ops

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables."""
    text, moment = sa.Text(), ops.UtcDateTime
    ops.create_tenant_table(
        "core_audit_seal",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("town", text, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("low", ops.Guid()),
        sa.Column("high", ops.Guid()),
        sa.Column("sealed_at", moment(), nullable=False),
        sa.Column("complete_until", moment()),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(32), nullable=False),
        sa.Column("key", text, nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        id=False,
    )
    ops.create_index("core_audit_seal", "high")
    ops.create_tenant_table(
        "core_audit_key",
        sa.Column("key", text, primary_key=True),
        sa.Column("until", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("town", text, nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("chain", sa.LargeBinary(32), nullable=False),
        sa.Column("accepted_at", moment(), nullable=False),
        sa.Column("accepted_by", text, nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        id=False,
    )
    for table in ("core_audit_seal", "core_audit_key"):
        ops.guard(table)
        statements = guards.postgresql_append_only if ops.is_postgresql() else guards.sqlite_append_only
        for statement in statements(table):
            ops.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for table in ("core_audit_key", "core_audit_seal"):
        ops.drop_tenant_table(table)
