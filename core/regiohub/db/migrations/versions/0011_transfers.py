"""Towns that come with an archive or leave, and keys that came along."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables."""
    text, moment = sa.Text(), ops.UtcDateTime
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    ops.create_platform_table(
        "core_transfer",
        sa.Column("id", ops.Guid(), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("slug", text, nullable=False),
        sa.Column("town", sa.Integer(), nullable=False),
        sa.Column("archive_sha256", text),
        sa.Column("by", text, nullable=False),
        sa.Column("began_at", moment(), nullable=False),
        sa.Column("finished_at", moment()),
        sa.Column("rows", big, nullable=False),
        sa.Column("files", big, nullable=False),
        sa.Column("progress", ops.Json, nullable=False),
    )
    ops.create_tenant_table(
        "core_town_key",
        sa.Column("purpose", text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        id=False,
    )
    ops.guard("core_town_key")


def downgrade() -> None:
    """Drop them."""
    ops.drop_tenant_table("core_town_key")
    ops.drop_tenant_table("core_transfer")
