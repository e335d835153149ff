"""Tables of sign-in. They belong to no town: a person may work in several."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import PlatformModel, uuid7


class SessionRow(PlatformModel):
    """One signed-in browser.

    ``mark`` is the SHA-256 of the cookie's value: whoever reads the table cannot take over a session. ``sealed`` holds
    claims and tokens, encrypted. ``renew_at``: when the issuer is asked again, never without a refresh token;
    ``leased_until``: until then one process is about to ask; ``version`` rises with each new set of tokens.
    """

    __tablename__ = "core_session"
    __table_args__ = (
        sa.Index("ix_core_session_issuer_subject", "issuer", "subject"),
        sa.Index("ix_core_session_issuer_sid", "issuer", "sid"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    sid: Mapped[str | None]
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary())
    device: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    renew_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(sa.Integer(), default=0)


class LogoutTokenRow(PlatformModel):
    """A logout message of an issuer that has been used: each counts once. ``mark`` is the SHA-256 of its names."""

    __tablename__ = "core_logout_token"

    mark: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    expires_at: Mapped[datetime]
