"""Sign-in of one web application: who is signed in, how that begins and how it ends."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from starlette.requests import HTTPConnection

from regiohub.auth.identity import Identity
from regiohub.auth.tokens import TokenRefused, TokenValidator
from regiohub.errors import DomainError, NotFound
from regiohub.settings import Settings
from regiohub.texts import Language, t

from .addresses import local_path
from .attempts import Attempt, Attempts
from .backchannel import BackChannel
from .cookies import ATTEMPT, SESSION, value_of
from .own import OwnSessions
from .provider import GrantRefused, LoginUnavailable, Provider, Transport
from .renewal import Renewals
from .session import ConsoleSession, OpenedSession
from .signed import read_id_token
from .store import Found, Sessions

if TYPE_CHECKING:
    from regiohub.platform import Platform

log = structlog.get_logger(__name__)

_KNOWN: Final = "regiohub.session"
"""Key of the ASGI scope: what the cookie of this request opens, looked up once."""
_LONGEST_TOKEN: Final = 262_144
"""Bytes of an access token: that of the console names all towns of a person and never travels in a header."""
DEV_CLIENT: Final = "regiohub-console"
"""The console's client at the built-in issuer, whose secret is known to nobody outside of this process."""


class SignInFailed(DomainError):
    """The answer of the login server does not fit; the person may simply begin again."""

    code = "SIGN_IN_FAILED"
    status = 400


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where the browser goes, and the cookie that it keeps meanwhile."""

    address: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A sign-in that is done: the session, where to go now, and what is left in the cookie of sign-ins under way."""

    opened: OpenedSession
    next: str
    cookie: str | None


class Login:
    """Everything about sign-in that the web part asks for."""

    def __init__(self, platform: Platform, identity: Identity, *, transport: Transport | None = None) -> None:
        """``transport`` leads to the built-in issuer, which runs in this very process."""
        settings = platform.settings
        self._now = platform.clock.now
        self._redirect_uri = f"{settings.base_url}/auth/callback"
        self._home = f"{settings.base_url}/"
        self.sessions = Sessions(platform, identity.issuers)
        self._providers = _providers(settings, identity, transport)
        self._attempts = Attempts(settings.key)
        validator = TokenValidator(
            identity.issuers, self._now, leeway=settings.token_leeway, max_bytes=_LONGEST_TOKEN,
            allow_dev=not settings.is_production,
        )  # fmt: skip
        grace = timedelta(minutes=settings.session_grace_minutes)
        self._renewals = Renewals(self.sessions, self._providers, validator, self._now, grace)
        self.own = OwnSessions(self.sessions, self._providers)
        self._backchannel = BackChannel(platform.database, self._providers, self._now)

    @property
    def providers(self) -> Sequence[Provider]:
        """The issuers at which people may sign in to the console."""
        return list(self._providers.values())

    async def session(self, request: HTTPConnection) -> ConsoleSession | None:
        """The session of this request's browser; ``None``: nobody is signed in.

        Its claims have been confirmed by the issuer within the last minutes. Raises ``LoginUnavailable`` (503) if the
        issuer has been away for longer than the settings allow.
        """
        if _KNOWN not in request.scope:
            request.scope[_KNOWN] = await self._look_up(request)
        return cast("ConsoleSession | None", request.scope[_KNOWN])

    async def current(self, cookie: str) -> Found | None:
        """The session that a cookie opens, confirmed lately; see ``session``. Live pages ask now and then."""
        return await self._renewals.current(cookie)

    async def begin(
        self, request: HTTPConnection, *, issuer: str | None, next: str | None, language: Language
    ) -> Begun:
        """A new sign-in at an issuer (none named: the only one). Raises ``NotFound`` or ``LoginUnavailable``."""
        provider = self._providers.get(issuer) if issuer else next_of(self.providers)
        if provider is None:
            raise NotFound(t("An diesem Dienst kann sich niemand anmelden.", "Nobody can sign in there."))
        attempt = Attempt(provider.issuer.issuer, local_path(next), self._now())
        address = await provider.sign_in_address(
            self._redirect_uri, state=attempt.state, nonce=attempt.nonce, code_challenge=attempt.challenge,
            ui_locales=language,
        )  # fmt: skip
        others = self._attempts.read(value_of(request, ATTEMPT), self._now())
        return Begun(address, self._attempts.write([*others, attempt]))

    async def finish(self, request: HTTPConnection) -> Finished:
        """Opens a session for the answer of a login server. Raises ``SignInFailed`` or ``LoginUnavailable``."""
        answer = request.query_params
        attempts = self._attempts.read(value_of(request, ATTEMPT), self._now())
        given = answer.get("state", "").encode(errors="replace")
        attempt = next_of([a for a in attempts if hmac.compare_digest(a.state.encode(), given)])
        if attempt is None:
            raise SignInFailed(
                t(
                    "Diese Anmeldung ist hier nicht begonnen worden oder schon zu lange her. Bitte noch einmal "
                    "anmelden. Dafür muss der Browser Cookies dieser Seite annehmen.",
                    "This sign-in was not begun here, or too long ago. Please sign in again. Your browser has to "
                    "accept cookies of this site.",
                )
            )
        provider = self._providers.get(attempt.issuer)
        # RFC 9207: an issuer that says who it is must be the one that was asked.
        if provider is None or answer.get("iss", attempt.issuer) != attempt.issuer:
            raise _refused("answer of another issuer", attempt)
        if "code" not in answer:
            raise _refused(answer.get("error", "no code")[:40], attempt)
        opened = await self._redeem(provider, attempt, answer["code"], request)
        old = value_of(request, SESSION)
        if old is not None:
            await self.sessions.end_cookie(old)
        rest = [other for other in attempts if other is not attempt]
        return Finished(opened, attempt.next, self._attempts.write(rest) if rest else None)

    async def end(self, session: ConsoleSession, cookie: str) -> str | None:
        """Ends a session here; where the browser goes to end it at the issuer too, ``None`` if that cannot be said."""
        found = await self.sessions.find(cookie)
        await self.sessions.end(session.id)
        provider = self._providers.get(session.issuer.issuer)
        if provider is None:
            return None
        tokens = found.content.tokens if found else None
        try:
            return await provider.sign_out_address(self._home, tokens.id_token if tokens else None)
        except LoginUnavailable:
            return None

    async def logout_ordered(self, token: str) -> int:
        """Obeys a logout token; how many sessions have ended. Raises ``TokenRefused``, whose reason is logged."""
        try:
            return await self._backchannel.logout(token)
        except TokenRefused as refusal:
            log.warning("logout_token_refused", reason=refusal.reason)
            raise

    async def _look_up(self, request: HTTPConnection) -> ConsoleSession | None:
        cookie = value_of(request, SESSION)
        found = await self.current(cookie) if cookie else None
        if found is None:
            return None
        await self.sessions.touch(found.row)
        return found.session

    async def _redeem(self, provider: Provider, attempt: Attempt, code: str, request: HTTPConnection) -> OpenedSession:
        try:
            tokens = await provider.redeem(code, attempt.verifier, self._redirect_uri)
            if tokens.id_token is None:
                raise TokenRefused("no ID token")
            person = await read_id_token(
                provider.issuer, tokens.id_token, client_id=provider.client_id, nonce=attempt.nonce, now=self._now()
            )
            claims = await self._renewals.claims_of(provider, tokens)
            if claims.subject != person.subject:
                raise TokenRefused("ID token and access token of different persons")
            if claims.is_machine:
                raise TokenRefused("a machine client does not sign in")
        except (GrantRefused, TokenRefused) as refusal:
            reason = refusal.reason if isinstance(refusal, TokenRefused) else str(refusal)
            raise _refused(reason, attempt) from None
        return await self.sessions.open(
            claims=claims, issuer=provider.issuer, tokens=tokens, sid=person.sid,
            user_agent=request.headers.get("user-agent", ""),
        )  # fmt: skip


def next_of(items: Sequence[Any]) -> Any:
    """The only item, ``None`` if there are none or several: nobody guesses whom a person meant."""
    return items[0] if len(items) == 1 else None


def _refused(reason: str, attempt: Attempt) -> SignInFailed:
    log.warning("sign_in_refused", issuer=attempt.issuer, reason=reason)
    return SignInFailed(
        t("Die Anmeldung wurde abgelehnt oder abgebrochen.", "The sign-in was refused or cancelled."),
        next=attempt.next,
    )


def _providers(settings: Settings, identity: Identity, transport: Transport | None) -> dict[str, Provider]:
    found: dict[str, Provider] = {}
    for entry in settings.issuers:
        trusted, secret = identity.issuers.find(entry.issuer), entry.client_secret.get_secret_value()
        if trusted is not None and secret:
            found[entry.issuer] = Provider(
                trusted, client_id=entry.client_id, client_secret=secret, title=entry.title,
                production=settings.is_production,
            )  # fmt: skip
    if identity.dev is not None and (trusted := identity.issuers.find(identity.dev.issuer)) is not None:
        found[trusted.issuer] = Provider(
            trusted, client_id=DEV_CLIENT, client_secret=identity.dev.console_secret, title="Test",
            transport=transport,
        )  # fmt: skip
    return found
