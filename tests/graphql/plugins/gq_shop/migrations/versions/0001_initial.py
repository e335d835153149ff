"""Tables of the sample plugin."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    ops.create_tenant_table(
        "shop_owner",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
    )
    ops.guard("shop_owner")
    ops.create_tenant_table(
        "shop_thing",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("rank", sa.Integer()),
        sa.Column("price", sa.Numeric(18, 6), nullable=False),
        sa.Column("secret", sa.Text()),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("place", ops.GeoJson()),
        sa.Column("owner_id", ops.Guid(), nullable=False),
        ops.reference("owner_id", "shop_owner"),
        ops.unique("name"),
    )
    ops.create_index("shop_thing", "owner_id")
    ops.spatial_index("shop_thing", "place")
    ops.guard("shop_thing")
    ops.create_tenant_table(
        "shop_loan",
        sa.Column("thing_id", ops.Guid(), nullable=False),
        sa.Column("starts_at", ops.UtcDateTime(), nullable=False),
        sa.Column("ends_at", ops.UtcDateTime(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        ops.reference("thing_id", "shop_thing"),
    )
    ops.create_index("shop_loan", "thing_id")
    ops.guard("shop_loan")
    ops.create_tenant_table(
        "shop_reading",
        sa.Column("thing_id", ops.Guid(), primary_key=True),
        sa.Column("at", ops.UtcDateTime(), primary_key=True),
        sa.Column("value", sa.Double(), nullable=False),
        ops.reference("thing_id", "shop_thing"),
        id=False,
    )
    ops.guard("shop_reading")


def downgrade() -> None:
    for table in ("shop_reading", "shop_loan", "shop_thing", "shop_owner"):
        ops.drop_tenant_table(table)
