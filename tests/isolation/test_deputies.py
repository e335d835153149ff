"""Tokens that are good for something, shown where they are good for nothing: no right in another town, no answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from regiohub.auth.dev import DevIssuer
from regiohub.auth.permissions import CITIZEN, PUBLIC, SIGNED_IN, TENANT_PERMISSIONS
from regiohub.auth.principal import ANONYMOUS
from regiohub.auth.rights import ForeignTenant
from regiohub.testing import World

HOME, ELSEWHERE = "potsdam", "bad-belzig"
STAFF = ["tenant-admin", "editor", "caretaker", "auditor"]
CLIENT = {"regiohub-api": {"roles": ["graphql.write", "ingest.write", "tenant-admin", "booking.manage"]}}
ENTRY = {"id": "1", "groups": ["/tenant-admins", "/editors"], "realm_access": {"roles": STAFF}}
QUESTION = (
    '{ audit { totalCount } staff { id } roles { name } programs { id } pluginSettings(plugin: "atlas") { name } }'
)
CHANGE = 'mutation { addMeasure(key: "taken", input: {title: "X"}) { errors { code } } }'


def claims(world: World, **changes: Any) -> dict[str, Any]:
    """Claims as the installation's own issuer makes them; None takes one away."""
    now = int(world.clock.now().timestamp())
    base: dict[str, Any] = {
        "iss": issuer(world).issuer, "aud": ["regiohub-api"], "sub": "deputy", "iat": now, "exp": now + 300,
        "typ": "Bearer", "dev": True,
    }  # fmt: skip
    return {name: value for name, value in (base | changes).items() if value is not None}


def issuer(world: World) -> DevIssuer:
    """The issuer that the installation trusts."""
    found = DevIssuer.from_settings(world.platform.settings, world.clock.now)
    assert found is not None
    return found


DEPUTIES: Mapping[str, dict[str, Any]] = {
    "admin with roles at the top level": {
        "organization": {HOME: ENTRY}, "realm_access": {"roles": STAFF}, "resource_access": CLIENT,
        "groups": [f"/{ELSEWHERE}/tenant-admins", "/tenant-admins"], "roles": STAFF,
    },
    "admin whose organization is written like the other": {
        "organization": dict.fromkeys((HOME, "Bad-Belzig", "bad-belzig ", "bad-belzig/x", "bad_belzig", ""), ENTRY),
    },
    "admin who names the other town as a plain member": {
        "organization": [HOME, ELSEWHERE], "realm_access": {"roles": STAFF},
    },
    "admin with an entry of another shape": {"organization": {HOME: ENTRY, ELSEWHERE: STAFF}},
    "admin with an entry inside the entry": {"organization": {HOME: {**ENTRY, ELSEWHERE: ENTRY}}},
    "admin with the town in other claims": {
        "organization": {HOME: ENTRY}, "tenant": ELSEWHERE, "org": ELSEWHERE, "organizations": {ELSEWHERE: ENTRY},
        "azp": f"m2m-{ELSEWHERE}-x",
    },
    "person with the region's roles": {"realm_access": {"roles": ["regional-admin", "regional-auditor", *STAFF]}},
    "person without any": {},
}  # fmt: skip
PROGRAMS: Mapping[str, dict[str, Any]] = {
    "program of another town": {"regiohub_tenant": HOME, "resource_access": CLIENT},
    "program of two towns": {"regiohub_tenant": [HOME, ELSEWHERE], "resource_access": CLIENT},
    "program of every town": {"regiohub_tenant": "*", "resource_access": CLIENT},
    "program of a town written otherwise": {"regiohub_tenant": "BAD-BELZIG", "resource_access": CLIENT},
    "program of no town": {"regiohub_tenant": "", "resource_access": CLIENT},
    "program that is staff as well": {
        "regiohub_tenant": HOME, "organization": {ELSEWHERE: ENTRY}, "resource_access": CLIENT,
    },
}  # fmt: skip


@pytest.mark.parametrize("deputy", [*DEPUTIES])
async def test_a_deputy_has_no_right_of_staff_in_another_town(world_sqlite: World, deputy: str) -> None:
    token = issuer(world_sqlite).sign(claims(world_sqlite, **DEPUTIES[deputy]))
    principal = await world_sqlite.app.state.web.resolver.resolve(token, ELSEWHERE)
    declared = [*world_sqlite.platform.permissions(ELSEWHERE), *TENANT_PERMISSIONS]
    have = {permission.id for permission in declared if principal.can(permission)}
    open_to_residents = {one.id for one in declared if CITIZEN in one.roles} | {SIGNED_IN.id, PUBLIC.id}
    assert have <= open_to_residents
    answer = await world_sqlite.graphql(ELSEWHERE, QUESTION, token=token)
    assert set(answer.codes) == {"FORBIDDEN"}
    assert not any((answer.data or {}).values())
    changed = await world_sqlite.graphql(ELSEWHERE, CHANGE, token=token)
    assert changed.codes == ["FORBIDDEN"]
    region = await world_sqlite.app.state.web.resolver.resolve(token, None)
    if "region" not in deputy:
        assert not region.permissions


@pytest.mark.parametrize("program", [*PROGRAMS])
async def test_a_program_is_refused_by_another_town(world_sqlite: World, program: str) -> None:
    token = issuer(world_sqlite).sign(claims(world_sqlite, **PROGRAMS[program]))
    with pytest.raises(ForeignTenant):
        await world_sqlite.app.state.web.resolver.resolve(token, ELSEWHERE)
    for document in (QUESTION, CHANGE, "{ tenant { name } }"):
        answer = await world_sqlite.graphql(ELSEWHERE, document, token=token)
        assert answer.codes == ["FOREIGN_TENANT"]
        assert answer.data is None


def _bare(world: World, header: dict[str, Any], changes: dict[str, Any], signature: str = "") -> str:
    parts = (header, claims(world, organization={ELSEWHERE: ENTRY}, **changes))
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return ".".join([*encoded, signature])


def _signed(world: World, **changes: Any) -> str:
    return issuer(world).sign(claims(world, organization={ELSEWHERE: ENTRY}, **changes))


BAD: Mapping[str, Callable[[World], str]] = {
    "another audience": lambda world: _signed(world, aud=["account"]),
    "no audience": lambda world: _signed(world, aud=None),
    "another issuer": lambda world: _signed(world, iss="https://login.example.org/realms/regiohub"),
    "an issuer written otherwise": lambda world: _signed(world, iss=issuer(world).issuer + "/"),
    "no issuer": lambda world: _signed(world, iss=None),
    "ended": lambda world: _signed(world, exp=int((world.clock.now() - timedelta(minutes=2)).timestamp())),
    "without end": lambda world: _signed(world, exp=None),
    "not yet": lambda world: _signed(world, nbf=int((world.clock.now() + timedelta(minutes=5)).timestamp())),
    "made in the future": lambda world: _signed(world, iat=int((world.clock.now() + timedelta(hours=1)).timestamp())),
    "of another type": lambda world: _signed(world, typ="Refresh"),
    "an identity token": lambda world: _signed(world, typ="ID"),
    "without a person": lambda world: _signed(world, sub=None),
    "too large": lambda world: _signed(world, padding="x" * 70_000),
    "unsigned": lambda world: _bare(world, {"alg": "none", "typ": "JWT"}, {}),
    "signed with nothing": lambda world: _bare(world, {"alg": "ES256", "kid": "x", "typ": "JWT"}, {}, "AAAA"),
    "cut": lambda world: _signed(world)[:-4],
    "with other claims": lambda world: ".".join(
        [(good := _signed(world).split("."))[0], _bare(world, {}, {"sub": "x"}).split(".")[1], good[2]]
    ),
}


@pytest.mark.parametrize("fault", [*BAD])
async def test_a_bad_token_of_the_towns_own_admin_is_refused(world_sqlite: World, fault: str) -> None:
    good = await world_sqlite.graphql(ELSEWHERE, QUESTION, token=_signed(world_sqlite))
    assert good.errors == [], "the control: the same admin with a sound token"
    token = BAD[fault](world_sqlite)
    for document in (QUESTION, CHANGE, "{ tenant { name } }"):
        answer = await world_sqlite.graphql(ELSEWHERE, document, token=token)
        assert answer.status == 401
        assert answer.data is None


async def test_nobody_is_anybody_without_a_token(world_sqlite: World) -> None:
    principal = await world_sqlite.app.state.web.resolver.resolve(None, ELSEWHERE)
    assert principal == ANONYMOUS
    answer = await world_sqlite.graphql(ELSEWHERE, QUESTION)
    assert set(answer.codes) == {"UNAUTHENTICATED"}
