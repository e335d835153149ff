"""Places."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    ops.create_tenant_table("places_place", sa.Column("name", sa.Text(), nullable=False))
    ops.guard("places_place")


def downgrade() -> None:
    ops.drop_tenant_table("places_place")
