"""Towns that come with an archive or leave for good: what is under way, what was done, and keys that came along."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import PlatformModel, TenantTable, uuid7

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession


class TransferKind(StrEnum):
    """Whether a town comes or goes."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"


class Transfer(PlatformModel):
    """A town that came with an archive, or was removed. While ``finished_at`` is empty the town is seen by nobody.

    It belongs to the installation: of a town that has left, this row is all that stays. ``town`` is the number that
    the town has or had here; ``progress`` says how far an arrival is (rows per table), or what a departure has yet to
    delete besides rows.
    """

    __tablename__ = "core_transfer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[TransferKind]
    slug: Mapped[str]
    town: Mapped[int] = mapped_column(sa.Integer())
    archive_sha256: Mapped[str | None]
    by: Mapped[str]
    began_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    rows: Mapped[int]
    files: Mapped[int]
    progress: Mapped[dict[str, Any]]


class TownKey(TenantTable):
    """A key for one purpose that came with a town's archive, sealed with the key of this installation.

    What the town has sealed or signed elsewhere opens with it, and what it seals from now on, too.
    """

    __tablename__ = "core_town_key"

    purpose: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary())


def hidden_towns() -> sa.Select[int]:
    """Numbers of the towns that are on their way."""
    return sa.select(Transfer.town).where(Transfer.finished_at.is_(None))


async def new_number(session: TenantSession) -> int | None:
    """A number for a new town that none ever had; None where the database sees to that by itself.

    A number that came back would bring back keys that are derived from it, and answers that are kept under it.
    """
    if session.dialect == "postgresql":
        return None
    from .models import TenantRow

    now = await session.scalar(sa.select(sa.func.max(TenantRow.id))) or 0
    ever = await session.scalar(sa.select(sa.func.max(Transfer.town))) or 0
    return max(now, ever) + 1


async def away(session: TenantSession) -> frozenset[str]:
    """Names of towns that are on their way or have left: their files must not bring them back by themselves."""
    from .models import TenantRow

    rows = (await session.execute(sa.select(Transfer.slug, Transfer.finished_at))).all()
    there = set(await session.scalars(sa.select(TenantRow.slug)))
    return frozenset(slug for slug, finished in rows if finished is None or slug not in there)
