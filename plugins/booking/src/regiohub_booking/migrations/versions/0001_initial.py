"""Places, resources, bookings, series, slots with the rule against overlaps, access, calendar links."""

import sqlalchemy as sa

from regiohub.api.migrations import ops
from regiohub_booking.migrations.no_overlap import postgresql_no_overlap, sqlite_no_overlap

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "booking_place",
    "booking_owner",
    "booking_resource",
    "booking_lot",
    "booking_special_day",
    "booking_session",
    "booking_series",
    "booking_rejected_date",
    "booking_booking",
    "booking_block",
    "booking_slot",
    "booking_access_grant",
    "booking_calendar_feed",
)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _int(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _enum(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), nullable=False)


def _bool(name: str, *, nullable: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, ops.UtcDateTime(), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, ops.Guid(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, ops.Json, nullable=False)


def upgrade() -> None:
    """Create the tables, then the rule against overlaps, then the guards."""
    _places_and_resources()
    _series_and_bookings()
    _access()
    for statement in postgresql_no_overlap() if ops.is_postgresql() else sqlite_no_overlap():
        ops.execute(statement)
    for table in TABLES:
        ops.guard(table)


def _places_and_resources() -> None:
    ops.create_tenant_table(
        "booking_place",
        _text("slug"),
        _text("name"),
        _text("address"),
        sa.Column("position", ops.GeoJson(), nullable=True),
        _bool("wheelchair", nullable=True),
        _text("contact", nullable=True),
        _text("caretaker_email", nullable=True),
        _bool("example"),
        ops.unique("slug"),
    )
    ops.spatial_index("booking_place", "position")
    ops.create_tenant_table(
        "booking_owner",
        _text("slug"),
        _text("name"),
        _text("contact", nullable=True),
        _bool("example"),
        ops.unique("slug"),
    )
    ops.create_tenant_table(
        "booking_resource",
        _text("slug"),
        _enum("kind"),
        _enum("mode"),
        _text("name"),
        _text("description"),
        _text("description_en", nullable=True),
        _id("place_id"),
        _id("owner_id", nullable=True),
        _id("whole_id", nullable=True),
        _int("units"),
        _int("persons", nullable=True),
        _bool("wheelchair", nullable=True),
        _json("equipment"),
        _json("opening"),
        _enum("holiday_rule"),
        _int("raster_minutes"),
        _int("min_minutes", nullable=True),
        _int("max_minutes", nullable=True),
        _int("min_days", nullable=True),
        _int("max_days", nullable=True),
        _int("notice_hours"),
        _int("horizon_days", nullable=True),
        _int("buffer_before_minutes"),
        _int("buffer_after_minutes"),
        _bool("requires_approval"),
        _int("cancel_hours"),
        _text("lock_adapter", nullable=True),
        _json("lock_doors"),
        _bool("active"),
        _bool("example"),
        *ops.timestamps(),
        ops.unique("slug"),
        ops.reference("place_id", "booking_place", "NO ACTION"),
        ops.reference("owner_id", "booking_owner", "NO ACTION"),
        ops.reference("whole_id", "booking_resource", "NO ACTION"),
    )
    for columns in (("kind", "name"), ("place_id",), ("owner_id",), ("whole_id",)):
        ops.create_index("booking_resource", *columns)
    ops.create_tenant_table(
        "booking_lot",
        _id("resource_id"),
        _id("owner_id"),
        _id("place_id"),
        _int("first_unit"),
        _int("units"),
        ops.unique("resource_id", "first_unit"),
        ops.reference("resource_id", "booking_resource"),
        ops.reference("owner_id", "booking_owner", "NO ACTION"),
        ops.reference("place_id", "booking_place", "NO ACTION"),
    )
    for columns in (("resource_id",), ("owner_id",), ("place_id",), ("place_id", "resource_id")):
        ops.create_index("booking_lot", *columns)
    ops.create_tenant_table(
        "booking_special_day",
        _id("resource_id"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        _json("windows"),
        _text("reason", nullable=True),
        _text("reason_en", nullable=True),
        ops.reference("resource_id", "booking_resource"),
    )
    ops.create_index("booking_special_day", "resource_id")
    ops.create_tenant_table(
        "booking_session",
        _id("resource_id"),
        _text("title"),
        _moment("starts_at"),
        _moment("ends_at"),
        ops.unique("resource_id", "starts_at", "ends_at"),
        ops.reference("resource_id", "booking_resource"),
    )
    ops.create_index("booking_session", "resource_id")


def _series_and_bookings() -> None:
    ops.create_tenant_table(
        "booking_series",
        _id("resource_id"),
        _text("subject", nullable=True),
        _enum("frequency"),
        _int("interval"),
        _int("count", nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        _moment("first_starts_at"),
        _moment("first_ends_at"),
        _enum("on_conflict"),
        _moment("cancelled_at", nullable=True),
        *ops.timestamps(),
        ops.reference("resource_id", "booking_resource", "NO ACTION"),
    )
    ops.create_index("booking_series", "resource_id")
    ops.create_index("booking_series", "subject")
    ops.create_tenant_table(
        "booking_rejected_date",
        _id("series_id"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("code"),
        _text("message"),
        _text("message_en"),
        ops.reference("series_id", "booking_series"),
    )
    ops.create_index("booking_rejected_date", "series_id")
    ops.create_tenant_table(
        "booking_booking",
        _text("number"),
        _id("resource_id"),
        _id("series_id", nullable=True),
        _enum("state"),
        _moment("starts_at"),
        _moment("ends_at"),
        _int("quantity"),
        _int("persons", nullable=True),
        _text("purpose", nullable=True),
        _text("subject", nullable=True),
        _text("booker_name", nullable=True),
        _text("booker_email", nullable=True),
        _text("booker_locale"),
        _text("reason", nullable=True),
        _moment("expires_at", nullable=True),
        _moment("decided_at", nullable=True),
        _bool("example"),
        *ops.timestamps(),
        ops.unique("number"),
        ops.reference("resource_id", "booking_resource", "NO ACTION"),
        ops.reference("series_id", "booking_series", "NO ACTION"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
    )
    for columns in (
        ("resource_id",),
        ("series_id",),
        ("resource_id", "starts_at"),
        ("subject", "starts_at"),
        ("state", "starts_at"),
    ):
        ops.create_index("booking_booking", *columns)
    ops.create_tenant_table(
        "booking_block",
        _id("resource_id"),
        _moment("starts_at"),
        _moment("ends_at"),
        _text("reason"),
        _moment("released_at", nullable=True),
        *ops.timestamps(),
        ops.reference("resource_id", "booking_resource", "NO ACTION"),
    )
    ops.create_index("booking_block", "resource_id")
    ops.create_tenant_table(
        "booking_slot",
        _id("resource_id"),
        _id("booking_id", nullable=True),
        _id("block_id", nullable=True),
        _int("unit"),
        _moment("starts_at"),
        _moment("ends_at"),
        _bool("occupies"),
        _moment("expires_at", nullable=True),
        ops.reference("resource_id", "booking_resource", "NO ACTION"),
        ops.reference("booking_id", "booking_booking"),
        ops.reference("block_id", "booking_block"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
        sa.CheckConstraint("(booking_id IS NULL) <> (block_id IS NULL)", name="one_holder"),
        sa.CheckConstraint("unit >= 1", name="unit"),
    )
    for columns in (("resource_id",), ("booking_id",), ("block_id",), ("resource_id", "ends_at")):
        ops.create_index("booking_slot", *columns)


def _access() -> None:
    ops.create_tenant_table(
        "booking_access_grant",
        _id("booking_id"),
        _text("adapter"),
        _json("doors"),
        _bool("wanted"),
        _int("version"),
        _enum("state"),
        _int("done_version"),
        _moment("valid_from"),
        _moment("valid_until"),
        _text("vendor_reference", nullable=True),
        _text("sealed_code", nullable=True),
        _moment("requested_at"),
        _int("attempts"),
        _moment("next_try_at", nullable=True),
        _text("last_error", nullable=True),
        _moment("warned_at", nullable=True),
        *ops.timestamps(),
        ops.unique("booking_id"),
        ops.reference("booking_id", "booking_booking"),
    )
    for columns in (("booking_id",), ("next_try_at",)):
        ops.create_index("booking_access_grant", *columns)
    ops.create_tenant_table(
        "booking_calendar_feed",
        _id("resource_id"),
        _text("label"),
        _text("token_hash"),
        _moment("revoked_at", nullable=True),
        *ops.timestamps(),
        ops.unique("token_hash"),
        ops.reference("resource_id", "booking_resource"),
    )
    ops.create_index("booking_calendar_feed", "resource_id")


def downgrade() -> None:
    """Drop the tables; their triggers, constraints and policies go with them."""
    for table in reversed(TABLES):
        ops.drop_tenant_table(table)
