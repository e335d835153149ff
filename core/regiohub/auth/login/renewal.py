"""Keeping sessions as true as the issuer: tokens are renewed on the server, and a refusal ends the session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from regiohub.auth.claims import Claims
from regiohub.auth.keys import IssuerUnavailable
from regiohub.auth.registry import TrustedIssuer
from regiohub.auth.tokens import TokenRefused, TokenValidator

from .content import Tokens
from .provider import GrantRefused, LoginUnavailable, Provider
from .signed import read_id_token
from .store import Found, Sessions

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(seconds=20)
"""Longer than any call to an issuer takes; after a crash another process may ask when it is over."""
PAUSE: Final = timedelta(seconds=30)
"""So often at most an issuer that does not answer is asked again, per session."""
_LOOK_AGAIN: Final = 0.1


class Renewals:
    """Renews sessions; of many requests at the same time, in any number of processes, one asks the issuer.

    An issuer that revokes refresh tokens on use ends a session whose token comes twice: hence the lease in the row.
    """

    def __init__(
        self, sessions: Sessions, providers: Mapping[str, Provider], validator: TokenValidator,
        now: Callable[[], datetime], grace: timedelta,
    ) -> None:  # fmt: skip
        self._sessions = sessions
        self._providers = providers
        self._validator = validator
        self._now = now
        self._grace = grace
        self._running: dict[UUID, asyncio.Task[Found | None]] = {}

    async def current(self, cookie: str) -> Found | None:
        """The session that a cookie opens, with claims that the issuer has confirmed lately; ``None``: it has ended.

        While the issuer is down the claims stand for the grace period of the settings after the token's end; then
        ``LoginUnavailable``.
        """
        found = await self._sessions.find(cookie)
        if found is None or not self._is_due(found):
            return self._bounded(found)
        task = self._running.get(found.row.id)
        if task is None:
            task = self._running[found.row.id] = asyncio.create_task(self._renew(found, cookie))
            task.add_done_callback(lambda _, key=found.row.id: self._running.pop(key, None))
        # A caller who hangs up must not take the answer away from the others who wait for it.
        return self._bounded(await asyncio.shield(task))

    async def claims_of(self, provider: Provider, tokens: Tokens) -> Claims:
        """The claims of an access token. Raises ``TokenRefused`` or ``IssuerUnavailable``."""
        issuer = provider.issuer
        # A town's own realm does not speak at the region: there its token is checked as one of its town.
        town = None if issuer.speaks_for(None) else next(iter(sorted(issuer.tenants)), None)
        claims, _ = await self._validator.validate(tokens.access_token, town)
        return confined(claims, issuer)

    def _is_due(self, found: Found) -> bool:
        return found.row.renew_at is not None and found.row.renew_at <= self._now()

    def _bounded(self, found: Found | None) -> Found | None:
        renewable = found is not None and found.row.renew_at is not None
        if found is not None and renewable and self._now() >= found.content.claims.expires_at + self._grace:
            raise LoginUnavailable
        return found

    async def _renew(self, found: Found, cookie: str) -> Found | None:
        until = asyncio.get_running_loop().time() + 2 * LEASE.total_seconds()
        while not await self._sessions.lease(found.row, LEASE):
            # Another process is at it: then its answer is ours too.
            await asyncio.sleep(_LOOK_AGAIN)
            again = await self._sessions.find(cookie)
            if again is None or not self._is_due(again):
                return again
            if asyncio.get_running_loop().time() > until:
                raise LoginUnavailable
            found = again
        return await self._sessions.find(cookie) if await self._ask(found) else None

    async def _ask(self, found: Found) -> bool:
        """Whether the session goes on."""
        row, tokens = found.row, found.content.tokens
        provider = self._providers.get(row.issuer)
        if provider is None or tokens is None or tokens.refresh_token is None:
            await self._sessions.end(row.id)
            return False
        try:
            fresh = await provider.renew(tokens.refresh_token)
            claims = await self.claims_of(provider, fresh)
            subject = claims.subject
            if fresh.id_token is not None:
                subject = (await read_id_token(
                    provider.issuer, fresh.id_token, client_id=provider.client_id, nonce=None, now=self._now()
                )).subject  # fmt: skip
            if {subject, claims.subject} != {row.subject}:
                raise TokenRefused("renewal for another person")
        except (GrantRefused, TokenRefused) as refusal:
            log.info("session_ended_by_issuer", reason=str(refusal))
            await self._sessions.end(row.id)
            return False
        except (LoginUnavailable, IssuerUnavailable):
            await self._sessions.postpone(row, PAUSE)
            return True
        kept = Tokens(
            fresh.access_token, fresh.refresh_token or tokens.refresh_token, fresh.id_token or tokens.id_token
        )
        await self._sessions.renewed(row, claims, kept)
        return True


def confined(claims: Claims, issuer: TrustedIssuer) -> Claims:
    """Claims without what this issuer may not say: other towns than its own, the region's roles."""
    return replace(
        claims,
        staff={town: roles for town, roles in claims.staff.items() if issuer.speaks_for(town)},
        groups={town: groups for town, groups in claims.groups.items() if issuer.speaks_for(town)},
        top_roles=claims.top_roles if issuer.region else frozenset(),
    )
