"""Texts in other words, and documents that stand in the town's own folder."""

import sqlalchemy as sa

from regiohub.api import Guid, UtcDateTime
from regiohub.api.migrations import ops

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DOCUMENT = "atlas_document"
TEXT = "atlas_text"


def upgrade() -> None:
    """Add to documents, then the new table."""
    ops.add_columns(
        DOCUMENT,
        sa.Column("alt_text", sa.Text(), nullable=True),
        sa.Column("copyright", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    ops.create_index(DOCUMENT, "url")
    ops.create_tenant_table(
        TEXT,
        sa.Column("procedure_id", Guid(), nullable=False),
        sa.Column("variety", sa.String(40), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("outdated", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("draft_title", "draft_summary", "draft_body", "title", "summary", "body")
        ),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        *ops.timestamps(),
        ops.reference("procedure_id", "atlas_procedure"),
        ops.unique("procedure_id", "variety", "language"),
    )
    ops.create_index(TEXT, "procedure_id")
    ops.create_index(TEXT, "state")
    ops.guard(TEXT)


def downgrade() -> None:
    """Back to the first shape; the texts are lost, files stay in the folder."""
    ops.drop_tenant_table(TEXT)
    op_index = f"ix_{DOCUMENT}_tenant_id_url"
    ops.execute(f"DROP INDEX {op_index}")
    ops.drop_columns(DOCUMENT, "size", "copyright", "alt_text")
