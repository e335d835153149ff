"""A good token's signature is checked once, and everything that can change is looked at each time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt

from regiohub.auth.keys import CachedKeys
from regiohub.auth.permissions import Permission
from regiohub.auth.registry import IssuerRegistry, TrustedIssuer
from regiohub.auth.resolver import PrincipalResolver
from regiohub.auth.tokens import TokenExpired, TokenRefused, TokenValidator
from regiohub.texts import t

from .conftest import NOW, REGION, TOWN, Issuers, claims


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tokens whose signature was checked, in turn."""
    seen: list[str] = []
    decode = jwt.decode

    def noted(token: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(token)
        return decode(token, *args, **kwargs)

    monkeypatch.setattr(jwt, "decode", noted)
    return seen


class Keys:
    """An issuer whose key set can be changed, with the clock that the cached keys look at."""

    def __init__(self, issuers: Issuers) -> None:
        self.issuers = issuers
        self.listed: list[Any] = [issuers.region_key.as_dict(private=False)]
        self.seconds = 0.0
        self.now: datetime = NOW
        self.cached = CachedKeys(self._fetch, monotonic=lambda: self.seconds)
        self.registry = IssuerRegistry([TrustedIssuer(REGION, self.cached, region=True)])
        self.validator = TokenValidator(self.registry, lambda: self.now)

    async def _fetch(self) -> dict[str, Any]:
        return {"keys": self.listed}

    async def renew(self) -> None:
        """Let the keys grow old and be fetched again: an unknown key waits for it."""
        self.seconds += 10_000
        await self.cached.find("unknown")


async def test_the_signature_is_checked_once(issuers: Issuers, checked: list[str]) -> None:
    validator, token, other = issuers.validator(), issuers.sign(claims()), issuers.sign(claims(sub="other"))
    first, _ = await validator.validate(token, "potsdam")
    again, _ = await validator.validate(token, "berlin")
    assert again is first
    assert checked == [token]
    assert (await validator.validate(other, "potsdam"))[0].subject == "other"
    assert checked == [token, other]


async def test_a_known_token_ends_when_it_ends(issuers: Issuers) -> None:
    keys = Keys(issuers)
    token = issuers.sign(claims())
    await keys.validator.validate(token, "potsdam")
    keys.now = NOW + timedelta(seconds=331)
    with pytest.raises(TokenExpired):
        await keys.validator.validate(token, "potsdam")


async def test_a_known_token_is_checked_again_with_renewed_keys(issuers: Issuers, checked: list[str]) -> None:
    keys = Keys(issuers)
    token = issuers.sign(claims())
    await keys.validator.validate(token, "potsdam")
    await keys.renew()
    await keys.validator.validate(token, "potsdam")
    assert checked == [token, token]


async def test_a_known_token_falls_with_its_key(issuers: Issuers) -> None:
    keys = Keys(issuers)
    token = issuers.sign(claims())
    await keys.validator.validate(token, "potsdam")
    keys.listed = []
    await keys.renew()
    with pytest.raises(TokenRefused) as caught:
        await keys.validator.validate(token, "potsdam")
    assert caught.value.reason == "unknown key"


async def test_a_known_token_is_refused_in_towns_its_issuer_may_not_speak_for(issuers: Issuers) -> None:
    validator, token = issuers.validator(), issuers.sign(claims(TOWN))
    await validator.validate(token, "potsdam")
    with pytest.raises(TokenRefused):
        await validator.validate(token, "berlin")
    assert (await validator.validate(token, "potsdam"))[0].issuer == TOWN


async def test_a_clock_that_is_set_back_has_everything_checked_again(issuers: Issuers) -> None:
    keys = Keys(issuers)
    token = issuers.sign(claims(nbf=int(NOW.timestamp())))
    await keys.validator.validate(token, "potsdam")
    keys.now = NOW - timedelta(seconds=60)
    with pytest.raises(TokenRefused):
        await keys.validator.validate(token, "potsdam")


async def test_rights_follow_the_permissions_in_force(issuers: Issuers) -> None:
    approve = Permission("booking.approve", t("Freigeben", "Approve"), roles=("citizen",))
    declared: dict[str | None, tuple[Permission, ...]] = {"potsdam": (), "berlin": ()}
    resolver = PrincipalResolver(issuers.validator(), lambda slug: declared[slug])
    token = issuers.sign(claims())
    before = await resolver.resolve(token, "potsdam")
    assert not before.can(approve)
    assert await resolver.resolve(token, "potsdam") is before
    declared["potsdam"] = (approve,)
    assert (await resolver.resolve(token, "potsdam")).can(approve)
    assert not (await resolver.resolve(token, "berlin")).can(approve)
    declared["potsdam"] = ()
    assert not (await resolver.resolve(token, "potsdam")).can(approve)
