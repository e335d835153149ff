"""What staff work with: blocked times with conflicts, tariffs, questions, repair of access; indexes for their lists."""

import sqlalchemy as sa
from alembic import op

from regiohub.api.migrations import ops

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOOKING_COLUMNS = (
    "booker_phone", "tariff_id", "tariff_name", "tariff_name_en", "price", "deposit", "price_by_hand",
)  # fmt: skip
INDEXES = (
    ("booking_booking", "starts_at"),
    ("booking_booking", "created_at"),
    ("booking_booking", "state", "created_at"),
    ("booking_slot", "resource_id", "ends_at", "starts_at"),
    ("booking_block", "resource_id", "ends_at"),
)
BY_BLOCK_FK = "fk_booking_block_closure_id"


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _int(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable, server_default=default)


def _enum(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), nullable=nullable)


def _bool(name: str, *, false: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false() if false else None)


def _euro(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(12, 2), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, ops.UtcDateTime(), nullable=nullable)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=True)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, ops.Guid(), nullable=nullable)


def upgrade() -> None:
    """Add tables and columns, give each blocked time a closure of its own, then index and guard."""
    _closures()
    _tariffs_and_questions()
    ops.add_columns(
        "booking_booking",
        _text("booker_phone", nullable=True),
        # No foreign key: the agreed words and amounts stand beside it, and the table need not be built again.
        _id("tariff_id", nullable=True),
        _text("tariff_name", nullable=True),
        _text("tariff_name_en", nullable=True),
        _euro("price", nullable=True),
        _euro("deposit", nullable=True),
        _bool("price_by_hand", false=True),
    )
    ops.add_columns("booking_access_grant", _bool("renew", false=True), _text("note", nullable=True))
    op.drop_index("ix_booking_slot_tenant_id_resource_id_ends_at", "booking_slot")
    for table, *columns in INDEXES:
        ops.create_index(table, *columns)


def _closures() -> None:
    ops.create_tenant_table(
        "booking_closure",
        _id("resource_id", nullable=True),
        _id("place_id", nullable=True),
        _enum("kind"),
        _text("reason"),
        _text("public_reason", nullable=True),
        _text("public_reason_en", nullable=True),
        _enum("frequency", nullable=True),
        _int("interval"),
        _int("count", nullable=True),
        _day("until"),
        _moment("starts_at"),
        _moment("ends_at"),
        _moment("last_ends_at"),
        _moment("released_at", nullable=True),
        _bool("example"),
        *ops.timestamps(),
        ops.reference("resource_id", "booking_resource", "NO ACTION"),
        ops.reference("place_id", "booking_place", "NO ACTION"),
        sa.CheckConstraint("(resource_id IS NULL) <> (place_id IS NULL)", name="one_subject"),
    )
    for column in ("resource_id", "place_id", "last_ends_at"):
        ops.create_index("booking_closure", column)
    ops.guard("booking_closure")
    ops.execute(
        "INSERT INTO booking_closure (tenant_id, id, resource_id, kind, reason, interval, starts_at, ends_at,"
        " last_ends_at, released_at, example, created_at, updated_at)"
        " SELECT tenant_id, id, resource_id, 'maintenance', reason, 1, starts_at, ends_at, ends_at, released_at,"
        " false, created_at, updated_at FROM booking_block"
    )
    with op.batch_alter_table("booking_block") as batch:
        batch.add_column(_id("closure_id", nullable=True))
        batch.add_column(_int("first_unit", default="1"))
        batch.add_column(_int("last_unit", default="1"))
    ops.execute("UPDATE booking_block SET closure_id = id")
    with op.batch_alter_table("booking_block") as batch:
        batch.alter_column("closure_id", existing_type=ops.Guid(), nullable=False)
        batch.create_foreign_key(
            BY_BLOCK_FK, "booking_closure", ["tenant_id", "closure_id"], ["tenant_id", "id"], ondelete="CASCADE"
        )
        batch.drop_column("reason")
    ops.guard("booking_block")
    ops.create_index("booking_block", "closure_id")
    ops.create_tenant_table(
        "booking_block_conflict",
        _id("block_id"),
        _id("booking_id"),
        _enum("state"),
        _moment("decided_at", nullable=True),
        *ops.timestamps(),
        ops.unique("block_id", "booking_id"),
        ops.reference("block_id", "booking_block"),
        ops.reference("booking_id", "booking_booking", "NO ACTION"),
    )
    for column in ("block_id", "booking_id", "state"):
        ops.create_index("booking_block_conflict", column)
    ops.guard("booking_block_conflict")


def _tariffs_and_questions() -> None:
    ops.create_tenant_table(
        "booking_tariff",
        _id("resource_id", nullable=True),
        _id("place_id", nullable=True),
        _text("name"),
        _text("name_en", nullable=True),
        _text("note", nullable=True),
        _text("note_en", nullable=True),
        _int("position"),
        _enum("basis"),
        _euro("price"),
        _euro("minimum", nullable=True),
        _euro("deposit"),
        _day("valid_from"),
        _day("valid_until"),
        _bool("on_request"),
        _bool("example"),
        *ops.timestamps(),
        ops.reference("resource_id", "booking_resource", "NO ACTION"),
        ops.reference("place_id", "booking_place", "NO ACTION"),
        sa.CheckConstraint("(resource_id IS NULL) <> (place_id IS NULL)", name="one_subject"),
        sa.CheckConstraint("price >= 0 AND deposit >= 0 AND (minimum IS NULL OR minimum >= 0)", name="amounts"),
    )
    for column in ("resource_id", "place_id"):
        ops.create_index("booking_tariff", column)
    ops.create_tenant_table(
        "booking_question",
        _id("booking_id"),
        _text("question", nullable=True),
        _moment("asked_at"),
        _moment("answer_by"),
        _text("answer", nullable=True),
        _moment("answered_at", nullable=True),
        _text("token_hash", nullable=True),
        *ops.timestamps(),
        ops.unique("token_hash"),
        ops.reference("booking_id", "booking_booking"),
    )
    ops.create_index("booking_question", "booking_id")
    ops.create_index("booking_question", "booking_id", "asked_at")
    for table in ("booking_tariff", "booking_question"):
        ops.guard(table)


def downgrade() -> None:
    """Take away what was added; blocked times keep their time and the reason of their closure."""
    for table, *columns in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(('tenant_id', *columns))}", table)
    ops.create_index("booking_slot", "resource_id", "ends_at")
    ops.drop_tenant_table("booking_block_conflict")
    op.drop_index("ix_booking_block_tenant_id_closure_id", "booking_block")
    with op.batch_alter_table("booking_block") as batch:
        batch.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    ops.execute(
        "UPDATE booking_block SET reason = (SELECT c.reason FROM booking_closure c"
        " WHERE c.tenant_id = booking_block.tenant_id AND c.id = booking_block.closure_id)"
    )
    with op.batch_alter_table("booking_block") as batch:
        batch.drop_constraint(BY_BLOCK_FK, type_="foreignkey")
        for column in ("closure_id", "first_unit", "last_unit"):
            batch.drop_column(column)
    ops.guard("booking_block")
    for table in ("booking_question", "booking_tariff", "booking_closure"):
        ops.drop_tenant_table(table)
    _drop("booking_access_grant", "renew", "note")
    _drop("booking_booking", *BOOKING_COLUMNS)


def _drop(table: str, *columns: str) -> None:
    """Column by column in place: building the table again would lose its checks on SQLite."""
    for column in columns:
        ops.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
