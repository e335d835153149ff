"""Wells and visits."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    ops.create_tenant_table(
        "wells_well",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("depth", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", ops.GeoJson()),
        *ops.timestamps(),
        ops.unique("slug"),
        sa.CheckConstraint("depth > 0", name="depth"),
    )
    ops.spatial_index("wells_well", "place")
    ops.guard("wells_well")
    ops.create_tenant_table(
        "wells_visit",
        sa.Column("well_id", ops.Guid(), nullable=False),
        sa.Column("at", ops.UtcDateTime(), nullable=False),
        ops.reference("well_id", "wells_well"),
    )
    ops.create_index("wells_visit", "well_id")
    ops.create_index("wells_visit", "at")
    ops.guard("wells_visit")


def downgrade() -> None:
    ops.drop_tenant_table("wells_visit")
    ops.drop_tenant_table("wells_well")
