"""Objectives, indicators and their figures; measures that are no longer carried on."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    text, big = sa.Text(), sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    ops.add_columns("core_measure", sa.Column("retired_at", ops.UtcDateTime()))
    ops.create_tenant_table(
        "core_objective",
        sa.Column("measure_id", ops.Guid(), nullable=False),
        sa.Column("position", big, nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("title_en", text),
        *ops.timestamps(),
        ops.reference("measure_id", "core_measure"),
    )
    ops.create_tenant_table(
        "core_indicator",
        sa.Column("measure_id", ops.Guid(), nullable=False),
        sa.Column("objective_id", ops.Guid()),
        sa.Column("position", big, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("title_en", text),
        sa.Column("unit", text, nullable=False),
        sa.Column("start_value", sa.Double()),
        sa.Column("target_value", sa.Double()),
        sa.Column("direction", sa.String(40), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("published", sa.Boolean(), nullable=False),
        *ops.timestamps(),
        ops.reference("measure_id", "core_measure"),
        ops.reference("objective_id", "core_objective"),
    )
    ops.create_tenant_table(
        "core_figure",
        sa.Column("indicator_id", ops.Guid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("note", text),
        *ops.timestamps(),
        ops.reference("indicator_id", "core_indicator"),
        ops.unique("indicator_id", "on"),
    )
    ops.create_index("core_objective", "measure_id")
    ops.create_index("core_indicator", "measure_id")
    ops.create_index("core_indicator", "objective_id")
    ops.create_index("core_figure", "indicator_id")
    for table in ("core_objective", "core_indicator", "core_figure"):
        ops.guard(table)


def downgrade() -> None:
    """Drop them."""
    for table in ("core_figure", "core_indicator", "core_objective"):
        ops.drop_tenant_table(table)
    ops.drop_columns("core_measure", "retired_at")
