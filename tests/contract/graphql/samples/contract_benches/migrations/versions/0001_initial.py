"""Parks, benches, and what residents report and suggest."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    ops.create_tenant_table("benches_park", sa.Column("slug", sa.Text(), nullable=False), ops.unique("slug"))
    ops.guard("benches_park")
    ops.create_tenant_table(
        "benches_park_bench",
        sa.Column("park_id", ops.Guid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        ops.reference("park_id", "benches_park"),
    )
    ops.create_index("benches_park_bench", "park_id")
    ops.guard("benches_park_bench")
    ops.create_tenant_table(
        "benches_report",
        sa.Column("bench_id", ops.Guid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        ops.reference("bench_id", "benches_park_bench"),
    )
    ops.create_index("benches_report", "bench_id")
    ops.guard("benches_report")
    ops.create_tenant_table(
        "benches_hint",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
    )
    ops.guard("benches_hint")


def downgrade() -> None:
    for table in ("benches_hint", "benches_report", "benches_park_bench", "benches_park"):
        ops.drop_tenant_table(table)
