"""Messages as they came in, and the credentials that may send them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, index, unique
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.models.kinds import MessageState


class StoredMessage(TenantModel):
    """A message of a network server, stored before anything else is done with it.

    ``body`` is exactly what was received. ``attempts`` and ``error_*`` tell why a message has no values (yet).
    """

    __tablename__ = "lorawan_message"
    __table_args__ = (
        unique("dedup_key"),
        index("lorawan_message", "state", "received_at"),
        index("lorawan_message", "dev_eui", "received_at"),
    )

    dedup_key: Mapped[str]
    source: Mapped[Source]
    kind: Mapped[MessageKind]
    dev_eui: Mapped[str]
    time: Mapped[datetime]
    received_at: Mapped[datetime]
    body: Mapped[str]
    state: Mapped[MessageState]
    codec_version: Mapped[int | None]
    processed_at: Mapped[datetime | None]
    error_code: Mapped[str | None]
    error_de: Mapped[str | None]
    error_en: Mapped[str | None]


class IngestCredential(TenantModel):
    """A secret that may send messages for this town. Only its hash is kept; it is shown once, when it is made."""

    __tablename__ = "lorawan_ingest_credential"
    __table_args__ = (unique("label"),)

    label: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
