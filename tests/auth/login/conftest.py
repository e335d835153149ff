"""Sign-in without a login server: sessions opened for claims as a validated token gives them."""

from datetime import timedelta
from typing import Any

import pytest

from regiohub.auth.claims import Claims
from regiohub.auth.login import Login, OpenedSession, Tokens
from regiohub.auth.registry import TrustedIssuer
from regiohub.testing.world import World
from regiohub.web.state import WebState


class Desk:
    """Opens sessions in a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        state: WebState = world.app.state.web
        self.login: Login = state.login
        self.sessions = state.login.sessions
        dev = state.identity.dev
        assert dev is not None
        found = state.identity.issuers.find(dev.issuer)
        assert found is not None
        self.issuer: TrustedIssuer = found

    def claims(self, subject: str = "anna", **changes: Any) -> Claims:
        """Claims of an editor in Potsdam whose token ends in five minutes."""
        base: dict[str, Any] = {
            "issuer": self.issuer.issuer,
            "subject": subject,
            "expires_at": self.world.clock.now() + timedelta(minutes=5),
            "name": "Anna Beispiel",
            "email": f"{subject}@example.org",
            "staff": {"potsdam": frozenset({"editor"})},
        }
        return Claims(**(base | changes))

    async def open(
        self, subject: str = "anna", *, tokens: Tokens | None = None, sid: str | None = None, user_agent: str = "",
        **changes: Any,
    ) -> OpenedSession:  # fmt: skip
        """A session of this person."""
        return await self.sessions.open(
            claims=self.claims(subject, **changes), issuer=self.issuer, tokens=tokens, sid=sid, user_agent=user_agent
        )


@pytest.fixture
def desk(world: World) -> Desk:
    """Sessions of a world, on each database."""
    return Desk(world)
