"""Tables of the health directory."""

import sqlalchemy as sa

from regiohub.api import GeoJson, Guid, Json, UtcDateTime
from regiohub.api.migrations import ops

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ORGANIZATION = "health_directory_organization"
LOCATION = "health_directory_location"
SERVICE = "health_directory_service"
AT_LOCATION = "health_directory_service_at_location"
TERM = "health_directory_service_term"
LANGUAGE = "health_directory_service_language"
PHONE = "health_directory_phone"
CONTACT = "health_directory_contact"
COST = "health_directory_cost_option"
WORD = "health_directory_search_word"
VOCABULARY = "health_directory_vocabulary"
STATE = "health_directory_vocabulary_state"
SUGGESTION = "health_directory_suggestion"
TABLES = (
    ORGANIZATION, LOCATION, SERVICE, AT_LOCATION, TERM, LANGUAGE, PHONE, CONTACT, COST, WORD, VOCABULARY, STATE,
    SUGGESTION,
)  # fmt: skip


def upgrade() -> None:
    _owners()
    _services()
    _parts()
    _index()
    _queue()
    for table in TABLES:
        ops.guard(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        ops.drop_tenant_table(table)


def _text(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _enum(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(40), nullable=False)


def _integer(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _key() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("key", kind, primary_key=True, autoincrement=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _owners() -> None:
    ops.create_tenant_table(
        ORGANIZATION,
        _text("name", nullable=False),
        _text("description", nullable=False),
        _text("email"),
        _text("website"),
        _text("source_key"),
        *ops.timestamps(),
        ops.unique("source_key"),
    )
    ops.create_tenant_table(
        LOCATION,
        sa.Column("organization_id", Guid(), nullable=True),
        _text("name", nullable=False),
        _enum("location_type"),
        *map(_text, ("address", "postal_code", "city", "district", "transportation", "url")),
        sa.Column("place", GeoJson(), nullable=True),
        _enum("wheelchair"),
        sa.Column("accessibility", Json, nullable=False),
        _text("accessibility_note"),
        _text("source_key"),
        *ops.timestamps(),
        ops.reference("organization_id", ORGANIZATION),
        ops.unique("source_key"),
    )
    ops.create_index(LOCATION, "organization_id")
    ops.spatial_index(LOCATION, "place")


def _services() -> None:
    ops.create_tenant_table(
        SERVICE,
        sa.Column("organization_id", Guid(), nullable=False),
        _text("name", nullable=False),
        _text("alternate_name"),
        _text("description", nullable=False),
        _text("summary_easy"),
        _enum("status"),
        *map(
            _text,
            ("url", "email", "alert", "application_process", "fees_description", "eligibility_description"),
        ),
        _integer("minimum_age"),
        _integer("maximum_age"),
        _text("opening_hours"),
        _flag("appointment_required"),
        _text("appointment_url"),
        _flag("telehealth"),
        _text("telehealth_url"),
        _enum("accepting"),
        sa.Column("accepting_on", sa.Date(), nullable=True),
        _text("accepting_note"),
        sa.Column("verified_on", sa.Date(), nullable=True),
        _flag("example"),
        _integer("revision", nullable=False),
        _text("source_key"),
        _text("sort_name", nullable=False),
        *ops.timestamps(),
        ops.reference("organization_id", ORGANIZATION),
        ops.unique("source_key"),
    )
    ops.create_index(SERVICE, "organization_id")
    ops.create_index(SERVICE, "sort_name")
    ops.create_tenant_table(
        AT_LOCATION,
        sa.Column("service_id", Guid(), nullable=False),
        sa.Column("location_id", Guid(), nullable=False),
        _text("description"),
        _text("opening_hours"),
        ops.reference("service_id", SERVICE),
        ops.reference("location_id", LOCATION),
        ops.unique("service_id", "location_id"),
    )
    ops.create_index(AT_LOCATION, "service_id")
    ops.create_index(AT_LOCATION, "location_id")


def _parts() -> None:
    for table in (TERM, LANGUAGE):
        ops.create_tenant_table(
            table,
            sa.Column("service_id", Guid(), nullable=False),
            _text("code", nullable=False),
            ops.reference("service_id", SERVICE),
            ops.unique("code", "service_id"),
        )
        ops.create_index(table, "service_id")
    ops.create_tenant_table(
        PHONE,
        sa.Column("service_id", Guid(), nullable=True),
        sa.Column("organization_id", Guid(), nullable=True),
        _text("number", nullable=False),
        _text("kind", nullable=False),
        _text("description"),
        ops.reference("service_id", SERVICE),
        ops.reference("organization_id", ORGANIZATION),
    )
    ops.create_index(PHONE, "service_id")
    ops.create_index(PHONE, "organization_id")
    ops.create_tenant_table(
        CONTACT,
        sa.Column("service_id", Guid(), nullable=False),
        *map(_text, ("name", "title", "email")),
        ops.reference("service_id", SERVICE),
    )
    ops.create_index(CONTACT, "service_id")
    ops.create_tenant_table(
        COST,
        sa.Column("service_id", Guid(), nullable=False),
        _text("option", nullable=False),
        sa.Column("amount", sa.Numeric(18, 6), nullable=True),
        _text("currency"),
        _text("amount_description"),
        ops.reference("service_id", SERVICE),
    )
    ops.create_index(COST, "service_id")


def _index() -> None:
    ops.create_tenant_table(
        WORD,
        _key(),
        sa.Column("service_id", Guid(), primary_key=True),
        sa.Column("field", sa.Text(), primary_key=True),
        id=False,
    )
    ops.create_index(WORD, "service_id")
    ops.create_tenant_table(VOCABULARY, _key(), _text("word", nullable=False), id=False)
    ops.create_tenant_table(STATE, sa.Column("version", Guid(), nullable=False), id=False)


def _queue() -> None:
    ops.create_tenant_table(
        SUGGESTION,
        _enum("kind"),
        _enum("state"),
        sa.Column("service_id", Guid(), nullable=True),
        sa.Column("proposal", Json, nullable=False),
        _text("message"),
        _text("contact"),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        _text("decision_note"),
        *ops.timestamps(),
        ops.reference("service_id", SERVICE),
    )
    ops.create_index(SUGGESTION, "service_id")
    ops.create_index(SUGGESTION, "state")
