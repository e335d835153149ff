"""Tables of devices, messages and observations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from regiohub.api.migrations import ops
from regiohub_lorawan.migrations import partitions

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT, WORD, MOMENT, NUMBER = sa.Text(), sa.String(40), ops.UtcDateTime(), sa.Double()
TABLES = (
    "lorawan_codec",
    "lorawan_codec_version",
    "lorawan_profile",
    "lorawan_mapping",
    "lorawan_thing",
    "lorawan_gateway",
    "lorawan_device",
    "lorawan_datastream",
    "lorawan_ingest_credential",
    "lorawan_message",
    "lorawan_rollup",
    "lorawan_dirty_hour",
)


def upgrade() -> None:
    """Create the tables, parents first."""
    _profiles()
    _devices()
    _messages()
    _values()
    for table in (*TABLES, "lorawan_observation"):
        ops.guard(table)
    if ops.is_postgresql():
        partitions.create()


def downgrade() -> None:
    """Drop the tables, children first."""
    if ops.is_postgresql():
        partitions.drop()
    for table in ("lorawan_observation", *reversed(TABLES)):
        ops.drop_tenant_table(table)


def _required(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _optional(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def _profiles() -> None:
    ops.create_tenant_table(
        "lorawan_codec",
        *_required(TEXT, "name"),
        *_required(WORD, "kind"),
        *_required(BIG, "current_version"),
        *ops.timestamps(),
        ops.unique("name"),
    )
    ops.create_tenant_table(
        "lorawan_codec_version",
        *_required(ops.Guid(), "codec_id"),
        *_required(BIG, "version"),
        *_required(TEXT, "source"),
        *_optional(TEXT, "note"),
        *_required(MOMENT, "created_at"),
        ops.reference("codec_id", "lorawan_codec"),
        ops.unique("codec_id", "version"),
    )
    ops.create_index("lorawan_codec_version", "codec_id")
    ops.create_tenant_table(
        "lorawan_profile",
        *_required(TEXT, "name"),
        *_optional(TEXT, "manufacturer", "model"),
        *_required(ops.Guid(), "codec_id"),
        *ops.timestamps(),
        ops.reference("codec_id", "lorawan_codec", "RESTRICT"),
        ops.unique("name"),
    )
    ops.create_index("lorawan_profile", "codec_id")
    ops.create_tenant_table(
        "lorawan_mapping",
        *_required(ops.Guid(), "profile_id"),
        *_required(TEXT, "path", "observed_property", "title", "unit"),
        *_optional(NUMBER, "minimum", "maximum"),
        *_optional(BIG, "expected_interval_s"),
        ops.reference("profile_id", "lorawan_profile"),
        ops.unique("profile_id", "path"),
    )
    ops.create_index("lorawan_mapping", "profile_id")


def _devices() -> None:
    ops.create_tenant_table(
        "lorawan_thing",
        *_required(TEXT, "name"),
        *_optional(TEXT, "description"),
        *_optional(ops.GeoJson(), "place"),
        *ops.timestamps(),
    )
    ops.spatial_index("lorawan_thing", "place")
    ops.create_tenant_table(
        "lorawan_gateway",
        *_required(TEXT, "gateway_id", "name"),
        *_required(sa.Boolean(), "registered"),
        *_optional(ops.GeoJson(), "place"),
        *_optional(MOMENT, "last_seen_at"),
        *ops.timestamps(),
        ops.unique("gateway_id"),
    )
    ops.create_tenant_table(
        "lorawan_device",
        *_required(TEXT, "dev_eui", "name"),
        *_required(ops.Guid(), "profile_id", "thing_id"),
        *_required(WORD, "origin"),
        *_required(ops.Json, "variables"),
        *_optional(MOMENT, "last_seen_at", "last_joined_at"),
        *_optional(NUMBER, "battery_percent"),
        *_optional(sa.Boolean(), "external_power"),
        *_optional(BIG, "link_margin_db"),
        *_optional(NUMBER, "rssi_dbm", "snr_db"),
        *_optional(TEXT, "error_code", "error_de", "error_en"),
        *_optional(MOMENT, "error_at"),
        *ops.timestamps(),
        ops.reference("profile_id", "lorawan_profile", "RESTRICT"),
        ops.reference("thing_id", "lorawan_thing", "RESTRICT"),
        ops.unique("dev_eui"),
    )
    for columns in (("profile_id",), ("thing_id",), ("name",)):
        ops.create_index("lorawan_device", *columns)


def _messages() -> None:
    ops.create_tenant_table(
        "lorawan_ingest_credential",
        *_required(TEXT, "label"),
        *_required(sa.LargeBinary(32), "secret_hash"),
        *_required(MOMENT, "created_at"),
        *_optional(MOMENT, "revoked_at"),
        ops.unique("label"),
    )
    ops.create_tenant_table(
        "lorawan_message",
        *_required(TEXT, "dedup_key"),
        *_required(WORD, "source", "kind"),
        *_required(TEXT, "dev_eui"),
        *_required(MOMENT, "time", "received_at"),
        *_required(TEXT, "body"),
        *_required(WORD, "state"),
        *_optional(BIG, "codec_version"),
        *_optional(MOMENT, "processed_at"),
        *_optional(TEXT, "error_code", "error_de", "error_en"),
        ops.unique("dedup_key"),
    )
    ops.create_index("lorawan_message", "state", "received_at")
    ops.create_index("lorawan_message", "dev_eui", "received_at")


def _values() -> None:
    ops.create_tenant_table(
        "lorawan_datastream",
        *_required(BIG, "series"),
        *_required(ops.Guid(), "device_id", "thing_id"),
        *_required(TEXT, "path", "observed_property", "title", "unit"),
        *_optional(NUMBER, "minimum", "maximum"),
        *_optional(BIG, "expected_interval_s"),
        *_required(WORD, "origin"),
        *_optional(BIG, "latest_at"),
        *_optional(NUMBER, "latest_value"),
        *_optional(sa.SmallInteger(), "latest_quality"),
        *_optional(MOMENT, "silent_since"),
        *ops.timestamps(),
        ops.reference("device_id", "lorawan_device"),
        ops.reference("thing_id", "lorawan_thing", "RESTRICT"),
        ops.unique("series"),
        ops.unique("device_id", "path"),
    )
    for column in ("device_id", "thing_id", "observed_property"):
        ops.create_index("lorawan_datastream", column)
    key: dict[str, Any] = {"primary_key": True, "autoincrement": False}
    # Made without the platform's helper: no foreign key (see the model), and partitions on PostgreSQL.
    op.create_table(
        "lorawan_observation",
        sa.Column("tenant_id", sa.Integer(), **key),
        sa.Column("series", sa.Integer(), **key),
        sa.Column("ts", BIG, **key),
        *_required(NUMBER, "value"),
        *_required(sa.SmallInteger(), "quality"),
        sqlite_with_rowid=False,
        postgresql_partition_by="RANGE (ts)",
    )
    ops.create_tenant_table(
        "lorawan_rollup",
        sa.Column("series", sa.Integer(), **key),
        sa.Column("step", sa.SmallInteger(), **key),
        sa.Column("bucket", BIG, **key),
        *_required(BIG, "count"),
        *_required(NUMBER, "total", "minimum", "maximum", "last"),
        id=False,
        sqlite_without_rowid=True,
    )
    ops.create_tenant_table(
        "lorawan_dirty_hour",
        sa.Column("series", sa.Integer(), **key),
        sa.Column("bucket", BIG, **key),
        *_required(BIG, "touched"),
        id=False,
        sqlite_without_rowid=True,
    )
