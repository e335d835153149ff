"""Places and their opening hours."""

import sqlalchemy as sa
from regiohub.api.migrations import ops

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    ops.create_tenant_table(
        "{{ cookiecutter.id }}_{{ cookiecutter.thing }}",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("wheelchair", sa.Boolean(), nullable=True),
        sa.Column("location", ops.GeoJson(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
{% if cookiecutter.job %}
        sa.Column("checked_at", ops.UtcDateTime(), nullable=False),
        sa.Column("outdated", sa.Boolean(), nullable=False),
{% endif %}
{% if cookiecutter.__ingest %}
        sa.Column("reported_open", sa.Boolean(), nullable=True),
        sa.Column("reported_at", ops.UtcDateTime(), nullable=True),
{% endif %}
        *ops.timestamps(),
        ops.unique("external_id"),
    )
    ops.create_index("{{ cookiecutter.id }}_{{ cookiecutter.thing }}", "name")
    ops.spatial_index("{{ cookiecutter.id }}_{{ cookiecutter.thing }}", "location")
    ops.create_tenant_table(
        "{{ cookiecutter.id }}_opening",
        sa.Column("place_id", ops.Guid(), nullable=False),
        sa.Column("weekday", number, nullable=False),
        sa.Column("opens", number, nullable=False),
        sa.Column("closes", number, nullable=False),
        ops.reference("place_id", "{{ cookiecutter.id }}_{{ cookiecutter.thing }}"),
        ops.unique("place_id", "weekday", "opens"),
    )
    ops.create_index("{{ cookiecutter.id }}_opening", "place_id")
    ops.guard("{{ cookiecutter.id }}_{{ cookiecutter.thing }}")
    ops.guard("{{ cookiecutter.id }}_opening")


def downgrade() -> None:
    """Drop the tables, the dependent one first."""
    ops.drop_tenant_table("{{ cookiecutter.id }}_opening")
    ops.drop_tenant_table("{{ cookiecutter.id }}_{{ cookiecutter.thing }}")
