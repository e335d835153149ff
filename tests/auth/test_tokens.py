"""Bearer tokens: the good one, and everything that must not count."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk

from regiohub.auth.keys import FixedKeys
from regiohub.auth.registry import IssuerRegistry, TrustedIssuer
from regiohub.auth.resolver import bearer_token
from regiohub.auth.tokens import TokenExpired, TokenRefused, TokenValidator

from .conftest import NOW, REGION, TOWN, Issuers, claims

SECONDS = int(NOW.timestamp())


def raw(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    return ".".join([part(json.dumps(header).encode()), part(json.dumps(payload).encode()), part(signature)])


async def refused(issuers: Issuers, token: str, tenant: str | None = "potsdam") -> str:
    with pytest.raises(TokenRefused) as caught:
        await issuers.validator().validate(token, tenant)
    assert caught.value.status == 401
    assert caught.value.message.en in ("The sign-in is not valid.", "The sign-in has expired.")
    return caught.value.reason


async def test_good_token_of_the_region_counts_in_every_town_and_at_the_region(issuers: Issuers) -> None:
    for tenant in ("potsdam", "berlin", None):
        read, issuer = await issuers.validator().validate(issuers.sign(claims()), tenant)
        assert (read.subject, issuer.issuer) == ("8d2c", REGION)


async def test_good_token_of_a_towns_own_issuer_counts_in_that_town(issuers: Issuers) -> None:
    read, _ = await issuers.validator().validate(issuers.sign(claims(TOWN)), "potsdam")
    assert read.issuer == TOWN


@pytest.mark.parametrize("tenant", ["berlin", None])
async def test_token_of_a_towns_own_issuer_is_refused_elsewhere(issuers: Issuers, tenant: str | None) -> None:
    assert "may not speak" in await refused(issuers, issuers.sign(claims(TOWN)), tenant)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"aud": ["account"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": "regiohub-api-2"}, "aud"),
        ({"aud": [["regiohub-api"]]}, "aud"),
        ({"iss": "https://evil.example"}, "unknown issuer"),
        ({"iss": REGION + "/"}, "unknown issuer"),
        ({"iss": REGION.upper()}, "unknown issuer"),
        ({"iss": None}, "unknown issuer"),
        ({"iss": [REGION]}, "unknown issuer"),
        ({"exp": SECONDS - 31}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "never"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 10**15}, "year 9999"),
        ({"nbf": SECONDS + 31}, "not yet valid"),
        ({"iat": SECONDS + 31}, "in the future"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "subject too long"),
        ({"typ": "ID"}, "claim typ"),
        ({"typ": "Refresh"}, "claim typ"),
        ({"typ": "Logout"}, "claim typ"),
    ],
)
async def test_token_with_a_wrong_claim_is_refused(issuers: Issuers, change: dict[str, Any], reason: str) -> None:
    assert reason in await refused(issuers, issuers.sign(claims(**change)))


async def test_expired_token_has_a_code_of_its_own_so_that_clients_renew_it(issuers: Issuers) -> None:
    with pytest.raises(TokenExpired) as caught:
        await issuers.validator().validate(issuers.sign(claims(exp=SECONDS - 40)), "potsdam")
    assert caught.value.code == "TOKEN_EXPIRED"


async def test_thirty_seconds_of_clock_difference_are_forgiven_and_never_more(issuers: Issuers) -> None:
    token = issuers.sign(claims(exp=SECONDS - 29, nbf=SECONDS + 29))
    await issuers.validator().validate(token, "potsdam")
    late = issuers.sign(claims(exp=SECONDS - 31))
    with pytest.raises(TokenExpired):
        await issuers.validator(leeway=3600).validate(late, "potsdam")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"kid": "unheard-of"}, "unknown key"),
        ({"kid": None}, "unknown key"),
        ({"kid": ["a"]}, "unknown key"),
        ({"typ": "logout+jwt"}, "header typ"),
        ({"typ": "dpop+jwt"}, "header typ"),
        ({"typ": 5}, "header typ"),
    ],
)
async def test_token_with_a_wrong_header_is_refused(issuers: Issuers, header: dict[str, Any], reason: str) -> None:
    signed = issuers.sign(claims())
    real = {"alg": "RS256", "kid": issuers.region_key.kid, "typ": "JWT"} | header
    token = raw({k: v for k, v in real.items() if v is not None}, claims())
    assert reason in await refused(issuers, token.rsplit(".", 1)[0] + "." + signed.rsplit(".", 1)[1])


@pytest.mark.parametrize("kind", [None, "JWT", "at+jwt", "application/at+jwt"])
async def test_types_of_access_tokens_are_accepted(issuers: Issuers, kind: str | None) -> None:
    await issuers.validator().validate(issuers.sign(claims(), {"typ": kind}), "potsdam")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512", "RS1", "", None])
async def test_algorithms_outside_the_list_are_refused(issuers: Issuers, algorithm: str | None) -> None:
    token = raw({"alg": algorithm, "kid": issuers.region_key.kid, "typ": "JWT"}, claims(), b"x" * 256)
    assert await refused(issuers, token) == "algorithm not allowed"


async def test_public_key_used_as_a_shared_secret_is_refused(issuers: Issuers) -> None:
    pem = issuers.region_key.as_pem(private=False)
    unsigned = raw({"alg": "HS256", "kid": issuers.region_key.kid, "typ": "JWT"}, claims()).rsplit(".", 1)[0]
    signature = base64.urlsafe_b64encode(hmac.new(pem, unsigned.encode(), hashlib.sha256).digest()).rstrip(b"=")
    assert await refused(issuers, f"{unsigned}.{signature.decode()}") == "algorithm not allowed"


async def test_changed_payload_is_refused(issuers: Issuers) -> None:
    head, _, signature = issuers.sign(claims()).split(".")
    body = raw({}, claims(organization={"potsdam": {"realm_access": {"roles": ["tenant-admin"]}}})).split(".")[1]
    assert "bad_signature" in await refused(issuers, f"{head}.{body}.{signature}")


async def test_signature_of_another_issuers_key_is_refused(issuers: Issuers) -> None:
    other = jwk.generate_key("RSA", 2048, parameters={"kid": str(issuers.region_key.kid)})
    forger = Issuers(region_key=other, town_key=issuers.town_key)
    assert "bad_signature" in await refused(issuers, forger.sign(claims()))


async def test_oversized_token_is_refused_before_it_is_opened(issuers: Issuers) -> None:
    assert await refused(issuers, issuers.sign(claims(padding="x" * 20_000))) == "too long"


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "a.b.c.d.e", "....", "e30.e30.", "W10.W10.W10", "ü.ü.ü"])
async def test_garbage_is_refused(issuers: Issuers, token: str) -> None:
    await refused(issuers, token)


@settings(deadline=None)
@given(st.text(max_size=300))
async def test_any_text_is_refused_without_another_error(text: str) -> None:
    validator = TokenValidator(IssuerRegistry(), lambda: NOW)
    with pytest.raises(TokenRefused):
        await validator.validate(text, "potsdam")


async def test_test_tokens_do_not_count_in_production(issuers: Issuers) -> None:
    token = issuers.sign(claims(dev=True))
    await issuers.validator().validate(token, "potsdam")
    with pytest.raises(TokenRefused, match="not valid"):
        await issuers.validator(allow_dev=False).validate(token, "potsdam")


async def test_dev_issuer_in_the_registry_does_not_count_in_production(issuers: Issuers) -> None:
    keys = FixedKeys({"keys": [issuers.region_key.as_dict(private=False)]})
    registry = IssuerRegistry([TrustedIssuer(REGION, keys, is_dev=True)])
    with pytest.raises(TokenRefused):
        await TokenValidator(registry, lambda: NOW, allow_dev=False).validate(issuers.sign(claims()), "potsdam")


def test_one_issuer_cannot_be_configured_twice(issuers: Issuers) -> None:
    with pytest.raises(ValueError, match="twice"):
        issuers.registry.add(TrustedIssuer(REGION, FixedKeys({})))


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer   ", "token"])
def test_another_scheme_is_an_error_and_not_an_anonymous_call(header: str) -> None:
    with pytest.raises(TokenRefused):
        bearer_token(header)


def test_header_is_read_without_regard_to_case() -> None:
    assert bearer_token("bearer  abc ") == "abc"
    assert bearer_token(None) is None
    assert bearer_token("") is None


async def test_rotation_of_the_clock_is_seen(issuers: Issuers) -> None:
    token = issuers.sign(claims())
    later = issuers.validator(now=lambda: NOW + timedelta(minutes=6))
    with pytest.raises(TokenExpired):
        await later.validate(token, "potsdam")
