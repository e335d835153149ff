"""Tables of the participation atlas."""

from typing import Any

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "atlas_procedure",
    "atlas_phase",
    "atlas_status_days",
    "atlas_topic",
    "atlas_procedure_topic",
    "atlas_actor",
    "atlas_document",
    "atlas_link",
    "atlas_event",
)


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _word(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(40), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def _day(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=null)


def _flag(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=null)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, ops.Json, nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, ops.UtcDateTime(), nullable=True)


def _place() -> sa.Column[Any]:
    return sa.Column("place", ops.GeoJson(), nullable=True)


def _of_procedure() -> tuple[sa.Column[Any], sa.ForeignKeyConstraint]:
    return sa.Column("procedure_id", ops.Guid(), nullable=False), ops.reference("procedure_id", "atlas_procedure")


def upgrade() -> None:
    """Create all tables with indexes and guards."""
    ops.create_tenant_table(
        "atlas_procedure",
        _text("slug"),
        _text("title"),
        _text("title_en", null=True),
        _text("summary", null=True),
        _text("summary_en", null=True),
        _text("description", null=True),
        _text("plain_text", null=True),
        _word("kind"),
        _flag("formal"),
        _word("level", null=True),
        _place(),
        _text("place_label", null=True),
        _flag("place_approximate"),
        _flag("city_wide"),
        _json("districts"),
        _day("starts_on", null=True),
        _word("start_precision"),
        _day("ends_on", null=True),
        _word("end_precision"),
        _day("first_day", null=True),
        _day("last_day", null=True),
        _word("status_override", null=True),
        _day("status_since", null=True),
        _text("status_note", null=True),
        _word("announced_status", null=True),
        sa.Column("cost_min", sa.Numeric(18, 6), nullable=True),
        sa.Column("cost_max", sa.Numeric(18, 6), nullable=True),
        _text("currency"),
        _text("cost_text", null=True),
        _text("audience", null=True),
        _text("audience_en", null=True),
        _json("take_part"),
        _word("commitment", null=True),
        _number("minutes_per_week", null=True),
        _text("accessibility", null=True),
        _text("contact", null=True),
        _text("result", null=True),
        _text("outcome", null=True),
        _json("figures"),
        _moment("published_at"),
        _flag("example"),
        _text("source", null=True),
        _text("source_url", null=True),
        _text("external_id", null=True),
        _moment("synced_at"),
        _json("local_fields"),
        _text("search_text"),
        *ops.timestamps(),
        ops.unique("slug"),
        ops.unique("source", "external_id"),
    )
    ops.create_index("atlas_procedure", "published_at")
    ops.create_index("atlas_procedure", "first_day", "last_day")
    ops.spatial_index("atlas_procedure", "place")
    ops.create_tenant_table(
        "atlas_phase",
        *_of_procedure(),
        _word("kind"),
        _text("title", null=True),
        _day("starts_on"),
        _day("ends_on", null=True),
        _number("position"),
    )
    ops.create_index("atlas_phase", "procedure_id")
    ops.create_tenant_table(
        "atlas_status_days",
        *_of_procedure(),
        _day("first_day"),
        _day("last_day"),
        _word("status"),
        ops.unique("procedure_id", "first_day"),
    )
    ops.create_index("atlas_status_days", "procedure_id")
    ops.create_index("atlas_status_days", "status", "first_day")
    ops.create_tenant_table(
        "atlas_topic", _text("key"), _text("title"), _text("title_en", null=True), ops.unique("key")
    )
    ops.create_tenant_table(
        "atlas_procedure_topic",
        *_of_procedure(),
        sa.Column("topic_id", ops.Guid(), nullable=False),
        ops.reference("topic_id", "atlas_topic"),
        ops.unique("procedure_id", "topic_id"),
    )
    ops.create_index("atlas_procedure_topic", "procedure_id")
    ops.create_index("atlas_procedure_topic", "topic_id")
    ops.create_tenant_table("atlas_actor", *_of_procedure(), _word("role"), _text("name"), _number("position"))
    ops.create_index("atlas_actor", "procedure_id")
    ops.create_tenant_table(
        "atlas_document",
        *_of_procedure(),
        _word("kind"),
        _text("title"),
        _text("url"),
        _day("published_on", null=True),
        _text("licence", null=True),
        _text("media_type", null=True),
        _text("sha256", null=True),
        _flag("accessible", null=True),
        _number("position"),
    )
    ops.create_index("atlas_document", "procedure_id")
    ops.create_tenant_table(
        "atlas_link", *_of_procedure(), _word("kind"), _text("title"), _text("url"), _number("position")
    )
    ops.create_index("atlas_link", "procedure_id")
    ops.create_tenant_table(
        "atlas_event",
        *_of_procedure(),
        _text("key"),
        _text("title"),
        _day("day"),
        _moment("starts_at"),
        _moment("ends_at"),
        _text("venue", null=True),
        _place(),
        _flag("place_approximate"),
        _text("online_url", null=True),
        _text("accessibility", null=True),
        _text("note", null=True),
        _word("status"),
        _number("revision"),
        *ops.timestamps(),
        ops.unique("procedure_id", "key"),
    )
    ops.create_index("atlas_event", "procedure_id")
    ops.create_index("atlas_event", "day")
    ops.spatial_index("atlas_event", "place")
    for table in _TABLES:
        ops.guard(table)


def downgrade() -> None:
    """Drop all tables, children first."""
    for table in reversed(_TABLES):
        ops.drop_tenant_table(table)
