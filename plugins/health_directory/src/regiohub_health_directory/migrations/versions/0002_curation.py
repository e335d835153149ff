"""Looking after the entries: pairs of duplicates, letters to providers, and what a decision took over."""

import sqlalchemy as sa
from alembic import op

from regiohub.api import Guid, Json, UtcDateTime
from regiohub.api.migrations import ops

revision = "0002"
down_revision = "0001"

SERVICE = "health_directory_service"
TERM = "health_directory_service_term"
ORGANIZATION = "health_directory_organization"
SUGGESTION = "health_directory_suggestion"
DUPLICATE = "health_directory_duplicate"
VERIFICATION = "health_directory_verification"
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add to what is there, then the new tables."""
    ops.add_columns(SERVICE, sa.Column("merged_into_id", Guid(), nullable=True))
    ops.create_index(SERVICE, "verified_on")
    ops.create_index(TERM, "service_id", "code")
    ops.add_columns(
        SUGGESTION,
        sa.Column("origin", sa.String(40), nullable=False, server_default="resident"),
        sa.Column("language", sa.Text(), nullable=False, server_default="de"),
        sa.Column("accepted_fields", Json, nullable=True),
    )
    ops.create_tenant_table(
        DUPLICATE,
        sa.Column("first_id", Guid(), nullable=False),
        sa.Column("second_id", Guid(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        *ops.timestamps(),
        ops.reference("first_id", SERVICE),
        ops.reference("second_id", SERVICE),
        ops.unique("first_id", "second_id"),
    )
    ops.create_index(DUPLICATE, "first_id")
    ops.create_index(DUPLICATE, "second_id")
    ops.create_index(DUPLICATE, "state", "score")
    ops.create_tenant_table(
        VERIFICATION,
        sa.Column("organization_id", Guid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("service_ids", Json, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed", _NUMBER, nullable=False),
        sa.Column("corrected", _NUMBER, nullable=False),
        *ops.timestamps(),
        ops.reference("organization_id", ORGANIZATION),
    )
    ops.create_index(VERIFICATION, "organization_id")
    ops.create_index(VERIFICATION, "state", "expires_at")
    ops.guard(DUPLICATE)
    ops.guard(VERIFICATION)


def downgrade() -> None:
    """Back to the first shape; letters and pairs are lost."""
    ops.drop_tenant_table(VERIFICATION)
    ops.drop_tenant_table(DUPLICATE)
    with op.batch_alter_table(SUGGESTION) as batch:
        for name in ("accepted_fields", "language", "origin"):
            batch.drop_column(name)
    ops.guard(SUGGESTION)
    op.drop_index(f"ix_{TERM}_tenant_id_service_id_code", TERM)
    op.drop_index(f"ix_{SERVICE}_tenant_id_verified_on", SERVICE)
    with op.batch_alter_table(SERVICE) as batch:
        batch.drop_column("merged_into_id")
    ops.guard(SERVICE)
