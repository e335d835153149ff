"""Logout ordered by an issuer (OpenID Connect Back-Channel Logout): it counts once, and at once for all processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import CursorResult
from sqlalchemy.exc import IntegrityError

from regiohub.auth.tokens import TokenRefused
from regiohub.db.database import Database

from .models import LogoutTokenRow, SessionRow
from .provider import Provider
from .seal import mark_of
from .signed import LogoutOrder, issuer_named_by, read_logout_token


class BackChannel:
    """Obeys logout tokens."""

    def __init__(self, database: Database, providers: Mapping[str, Provider], now: Callable[[], datetime]) -> None:
        self._database = database
        self._providers = providers
        self._now = now

    async def logout(self, token: str) -> int:
        """Ends the sessions that a logout token names; how many.

        Raises ``TokenRefused`` for a token that does not count or has counted before, ``IssuerUnavailable`` while
        the issuer's keys are unknown.
        """
        provider = self._providers.get(issuer_named_by(token))
        if provider is None:
            raise TokenRefused("logout token of an unknown issuer")
        order = await read_logout_token(provider.issuer, token, client_id=provider.client_id, now=self._now())
        used = LogoutTokenRow(mark=mark_of(f"{order.issuer}\x1f{order.jti}"), expires_at=order.expires_at)
        try:
            # Both or neither: an order that is noted as used has been carried out.
            async with self._database.platform(write=True) as session, session.begin():
                session.add(used)
                await session.flush()
                done = cast("CursorResult[Any]", await session.execute(_sessions_of(order)))
                return max(done.rowcount, 0)
        except IntegrityError:
            raise TokenRefused("logout token used before") from None


def _sessions_of(order: LogoutOrder) -> sa.Delete:
    gone = sa.delete(SessionRow).where(SessionRow.issuer == order.issuer)
    if order.subject is not None:
        gone = gone.where(SessionRow.subject == order.subject)
    if order.sid is not None:
        gone = gone.where(SessionRow.sid == order.sid)
    return gone.execution_options(synchronize_session=False)
