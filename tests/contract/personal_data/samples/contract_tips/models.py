"""Tips, their photos, and topics that are nobody's."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, reference


class Topic(TenantModel):
    """What tips may be about."""

    __tablename__ = "letterbox_topic"
    title: Mapped[str]


class Tip(TenantModel, Timestamps):
    """What somebody has left; `answers` are letters by the address they came from."""

    __tablename__ = "letterbox_tip"
    topic_id: Mapped[UUID] = reference("letterbox_topic")
    subject: Mapped[str | None]
    email: Mapped[str | None]
    name: Mapped[str | None]
    text: Mapped[str]
    answers: Mapped[dict[str, Any]]


class Photo(TenantModel):
    """A photo of a tip."""

    __tablename__ = "letterbox_photo"
    tip_id: Mapped[UUID] = reference("letterbox_tip")
    caption: Mapped[str | None]
