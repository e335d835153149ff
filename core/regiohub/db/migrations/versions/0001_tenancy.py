"""Towns, programmes, measures, activations and settings."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    text, big = sa.Text(), sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    ops.create_platform_table(
        "tenant",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", text, nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("name", "short_name", "ags", "state")),
        sa.Column("population", big),
        sa.Column("area_km2", sa.Double()),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("locale", "timezone")),
        *(sa.Column(name, text) for name in ("programme_id", "programme", "phase")),
        sa.Column("phase_until", sa.Date()),
        *(sa.Column(name, text) for name in ("motto", "office", "client")),
        *(
            sa.Column(name, ops.Json, nullable=False)
            for name in ("innovation_fields", "branding", "hosts", "cors_origins")
        ),
        *ops.timestamps(),
        sa.UniqueConstraint("slug", name="uq_tenant_slug"),
    )
    ops.create_platform_table(
        "programme",
        sa.Column("id", text, primary_key=True),
        sa.Column("title", text, nullable=False),
        *(sa.Column(name, text) for name in ("title_en", "summary", "summary_en")),
    )
    ops.create_platform_table(
        "platform_state", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("version", big, nullable=False)
    )
    ops.execute("INSERT INTO platform_state (id, version) VALUES (1, 0)")
    ops.create_tenant_table(
        "core_measure",
        sa.Column("key", text, nullable=False),
        sa.Column("position", big, nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("title", text, nullable=False),
        *(sa.Column(name, text) for name in ("title_en", "bundle_key", "bundle_title", "bundle_title_en")),
        *(sa.Column(name, text) for name in ("summary", "summary_en", "lead")),
        sa.Column("partners", ops.Json, nullable=False),
        sa.Column("fields", ops.Json, nullable=False),
        sa.Column("from_year", big),
        sa.Column("to_year", big),
        sa.Column("phase", text),
        sa.Column("status", text),
        sa.Column("later", ops.Json, nullable=False),
        sa.Column("programme_id", text),
        *ops.timestamps(),
        ops.unique("key"),
    )
    ops.create_tenant_table(
        "core_activation",
        sa.Column("plugin", text, nullable=False),
        sa.Column("measure_id", ops.Guid()),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("changed_at", ops.UtcDateTime(), nullable=False),
        ops.reference("measure_id", "core_measure"),
        ops.unique("plugin", "measure_id"),
    )
    ops.create_index("core_activation", "measure_id")
    ops.create_tenant_table(
        "core_plugin_setting",
        sa.Column("plugin", text, nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("values", ops.Json, nullable=False),
        ops.unique("plugin", "origin"),
    )
    for table in ("core_measure", "core_activation", "core_plugin_setting"):
        ops.guard(table)


def downgrade() -> None:
    """Drop them; refused by the database while a plugin's tables refer to them."""
    for table in ("core_plugin_setting", "core_activation", "core_measure", "platform_state", "programme", "tenant"):
        ops.drop_tenant_table(table)
