"""Signal, battery and silence of devices, traffic per hour, examples of codecs, the state of the broker's link."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from regiohub.api.migrations import ops

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT, MOMENT, NUMBER = sa.Text(), ops.UtcDateTime(), sa.Double()
TABLES = ("lorawan_radio_hour", "lorawan_gateway_hour", "lorawan_broker_link", "lorawan_codec_example")
DEVICE = ("spreading_factor", "f_cnt", "battery_volts", "expected_interval_s", "silent_since")


def upgrade() -> None:
    """Add the columns, fill them from the datastreams, create the tables."""
    ops.add_columns(
        "lorawan_device",
        sa.Column("spreading_factor", sa.SmallInteger()),
        sa.Column("f_cnt", BIG),
        sa.Column("battery_volts", NUMBER),
        sa.Column("expected_interval_s", BIG),
        sa.Column("silent_since", MOMENT),
    )
    for column in ("expected_interval_s", "silent_since"):
        ops.execute(
            f"UPDATE lorawan_device SET {column} = (SELECT min(s.{column}) FROM lorawan_datastream s"  # noqa: S608
            " WHERE s.tenant_id = lorawan_device.tenant_id AND s.device_id = lorawan_device.id)"
        )
    key: dict[str, Any] = {"primary_key": True, "autoincrement": False}
    ops.create_tenant_table(
        "lorawan_radio_hour",
        sa.Column("bucket", BIG, **key),
        sa.Column("spreading_factor", sa.SmallInteger(), **key),
        *(sa.Column(name, BIG, nullable=False) for name in ("uplinks", "alone", "lost", "repeated", "failed")),
        sa.Column("airtime_ms", NUMBER, nullable=False),
        id=False,
        sqlite_without_rowid=True,
    )
    ops.create_tenant_table(
        "lorawan_gateway_hour",
        sa.Column("bucket", BIG, **key),
        sa.Column("gateway_id", TEXT, **key),
        sa.Column("uplinks", BIG, nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("rssi_best", "rssi_total", "snr_best", "snr_total")),
        id=False,
        sqlite_without_rowid=True,
    )
    ops.create_tenant_table(
        "lorawan_broker_link",
        sa.Column("name", TEXT, **key),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("detail", TEXT),
        id=False,
    )
    ops.create_tenant_table(
        "lorawan_codec_example",
        sa.Column("codec_id", ops.Guid(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("f_port", BIG, nullable=False),
        ops.reference("codec_id", "lorawan_codec"),
        ops.unique("codec_id", "name"),
    )
    ops.create_index("lorawan_codec_example", "codec_id")
    for table in TABLES:
        ops.guard(table)


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table in reversed(TABLES):
        ops.drop_tenant_table(table)
    with op.batch_alter_table("lorawan_device") as batch:
        for column in DEVICE:
            batch.drop_column(column)
    ops.guard("lorawan_device")
