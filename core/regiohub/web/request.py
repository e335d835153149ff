"""What a request says: its town, its caller, its language, where it comes from."""

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import Scope

from regiohub.auth.principal import Principal
from regiohub.auth.resolver import bearer_token
from regiohub.errors import NotFound
from regiohub.tenancy.context import TenantScope
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language

from .state import web_state

TENANT: Final = "regiohub.tenant"
"""Key of the ASGI scope: the town that the address names."""
BY_HOST: Final = "regiohub.by_host"
"""Key of the ASGI scope: true if the host name named the town, so that its addresses go without its slug."""
REQUEST_ID: Final = "regiohub.request_id"
FRAME: Final = "regiohub.frame"
"""Key of the ASGI scope: what draws the page of a fault, where it is not the general one."""
MOUNT: Final = "regiohub.mount"
"""Key of the ASGI scope: template of the mount that a plugin's route stands under."""


def tenant_of(connection: HTTPConnection) -> TenantInfo:
    """The town of this request. Raises ``NotFound`` outside of any town."""
    tenant: TenantInfo | None = connection.scope.get(TENANT)
    if tenant is None:
        raise NotFound
    return tenant


async def caller(connection: HTTPConnection, token: str | None = None) -> Principal:
    """Who calls, with the rights in the town of this request (none: at the region).

    ``token`` replaces the one of the Authorization header: websockets send theirs in the first message. Raises
    ``TokenRefused`` (401), ``ForeignTenant`` (403) or ``IssuerUnavailable`` (503).
    """
    tenant: TenantInfo | None = connection.scope.get(TENANT)
    given = token if token is not None else bearer_token(connection.headers.get("authorization"))
    return await web_state(connection).resolver.resolve(given, tenant.slug if tenant else None)


async def scope_of(connection: HTTPConnection) -> TenantScope:
    """The scope of this request's town, in which its caller acts."""
    tenant = tenant_of(connection)
    principal = await caller(connection)
    return web_state(connection).platform.scope(tenant, principal=principal, locale=language_of(connection))


def client_of(connection: HTTPConnection) -> str:
    """Address of the client, for rate limits. Behind a trusted proxy the server has put the real one there.

    Of an IPv6 address its network of 56 bits: that is what a household has, with as many addresses as it likes.
    """
    return network(connection.client.host) if connection.client else ""


def network(address: str) -> str:
    """An IPv4 address as it is, an IPv6 address without its last 72 bits."""
    if ":" not in address:
        return address
    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(IPv6Network((int(found) >> 72 << 72, 56)))


def language_of(connection: HTTPConnection) -> Language:
    """The language of the answer: ``?lang=``, else the caller's preference, else German."""
    return language(connection.scope)


def language(scope: Scope) -> Language:
    """The same from a bare ASGI scope."""
    query: bytes = scope.get("query_string", b"")
    for part in query.split(b"&"):
        if part in (b"lang=de", b"lang=en"):
            return "de" if part.endswith(b"de") else "en"
    return preferred(_header(scope, b"accept-language"))


@lru_cache(maxsize=512)
def preferred(accept_language: str) -> Language:
    """German or English, whichever an Accept-Language header (RFC 9110) ranks higher; German if it names neither."""
    best: tuple[float, Language] = (0.0, "de")
    for entry in accept_language[:500].split(","):
        tag, _, parameters = entry.strip().partition(";")
        name = tag.strip().lower()[:2]
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters else 1.0
        except ValueError:
            continue
        if name == "de" and weight > best[0]:
            best = (weight, "de")
        elif name == "en" and weight > best[0]:
            best = (weight, "en")
    return best[1]


def wants_html(scope: Scope) -> bool:
    """Whether a browser asks for a page. Programs that accept anything get JSON."""
    return "text/html" in _header(scope, b"accept")


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope.get("headers", []):
        if key == name:
            return value.decode("latin-1")
    return ""
