"""How payloads of a kind of device become values: codecs with their versions, profiles with their mappings."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, Timestamps, reference, relation, unique
from regiohub_lorawan.models.kinds import CodecKind


class Codec(TenantModel, Timestamps):
    """A named decoder. ``current_version`` is 0 for kinds without source text."""

    __tablename__ = "lorawan_codec"
    __table_args__ = (unique("name"),)

    name: Mapped[str]
    kind: Mapped[CodecKind]
    current_version: Mapped[int]
    versions: Mapped[list["CodecVersion"]] = relation("CodecVersion", back="codec_id")
    examples: Mapped[list["CodecExample"]] = relation("CodecExample", back="codec_id")


class CodecVersion(TenantModel):
    """One state of a codec's source. Never changed, so that each value can be traced to the text that made it."""

    __tablename__ = "lorawan_codec_version"
    __table_args__ = (unique("codec_id", "version"),)

    codec_id: Mapped[UUID] = reference("lorawan_codec", ondelete="CASCADE")
    version: Mapped[int]
    source: Mapped[str]
    note: Mapped[str | None]
    created_at: Mapped[datetime]


class CodecExample(TenantModel):
    """A payload that is kept to try a codec with."""

    __tablename__ = "lorawan_codec_example"
    __table_args__ = (unique("codec_id", "name"),)

    codec_id: Mapped[UUID] = reference("lorawan_codec", ondelete="CASCADE")
    name: Mapped[str]
    payload: Mapped[bytes] = mapped_column(sa.LargeBinary())
    f_port: Mapped[int]


class Profile(TenantModel, Timestamps):
    """A kind of device: its codec and what its values mean."""

    __tablename__ = "lorawan_profile"
    __table_args__ = (unique("name"),)

    name: Mapped[str]
    manufacturer: Mapped[str | None]
    model: Mapped[str | None]
    codec_id: Mapped[UUID] = reference("lorawan_codec", ondelete="RESTRICT")
    codec: Mapped[Codec] = relation("Codec", by="codec_id")
    mappings: Mapped[list["Mapping"]] = relation("Mapping", back="profile_id")


class Mapping(TenantModel):
    """One decoded path and the observed property behind it: unit (UCUM), plausible range, how often it should come."""

    __tablename__ = "lorawan_mapping"
    __table_args__ = (unique("profile_id", "path"),)

    profile_id: Mapped[UUID] = reference("lorawan_profile", ondelete="CASCADE")
    path: Mapped[str]
    observed_property: Mapped[str]
    title: Mapped[str]
    unit: Mapped[str]
    minimum: Mapped[float | None]
    maximum: Mapped[float | None]
    expected_interval_s: Mapped[int | None]
