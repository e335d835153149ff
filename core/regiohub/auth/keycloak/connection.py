"""A connection to one realm's admin API. python-keycloak keeps it and its token; what it lacks goes as raw calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar
from urllib.parse import quote

import orjson

from regiohub.errors import DomainError, Unavailable
from regiohub.settings import Settings
from regiohub.texts import t

if TYPE_CHECKING:
    from keycloak import KeycloakAdmin

T = TypeVar("T")
_SECONDS: Final = 20


class RealmUnreachable(Unavailable):
    """Keycloak does not answer."""

    code = "LOGIN_SERVER_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__(
            t("Der Anmeldedienst antwortet gerade nicht.", "The login server does not answer at the moment.")
        )


class RealmRefused(DomainError):
    """Keycloak refused a call; ``answered`` is its HTTP status, ``reason`` its own words."""

    code = "LOGIN_SERVER_REFUSED"
    status = 502

    def __init__(self, answered: int, reason: str) -> None:
        super().__init__(
            t(
                f"Der Anmeldedienst hat abgelehnt ({answered}): {reason}",
                f"The login server refused ({answered}): {reason}",
            )
        )
        self.answered = answered
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Administrator:
    """A person who administers the whole server, such as the one that Keycloak makes at its first start."""

    username: str
    password: str


class _Answer(Protocol):
    """What the calls read of an answer."""

    status_code: int
    content: bytes
    headers: Any


class Realm:
    """One realm. ``admin`` is python-keycloak's object for it; paths of raw calls are relative to the realm.

    Calls of one object run one after the other: its token is renewed in between, which two tasks at once would spoil.
    """

    def __init__(self, admin: KeycloakAdmin, name: str) -> None:
        self.admin = admin
        self.name = name
        self._lock = asyncio.Lock()

    async def call(self, method: Awaitable[T]) -> T:
        """The result of an asynchronous method of ``admin``, with its errors in our words."""
        async with self._lock:
            with _translated():
                return await method

    async def get(self, path: str, **query: Any) -> Any:
        """The parsed answer; lists are whole only if ``max`` is large enough. Raises ``RealmRefused``."""
        return (await self._raw("get", path, **query))[0]

    async def post(self, path: str, body: Any) -> str:
        """Creates something and gives its id, where Keycloak names one. Raises ``RealmRefused``."""
        _, headers = await self._raw("post", path, data=orjson.dumps(body).decode())
        return str(headers.get("Location", "")).rpartition("/")[2]

    async def put(self, path: str, body: Any = None) -> None:
        """Changes something. Raises ``RealmRefused``."""
        await self._raw("put", path, data="" if body is None else orjson.dumps(body).decode())

    async def delete(self, path: str, body: Any = None) -> None:
        """Removes something. Raises ``RealmRefused``."""
        await self._raw("delete", path, data=None if body is None else orjson.dumps(body).decode())

    async def _raw(self, verb: str, path: str, **options: Any) -> tuple[Any, Any]:
        call = getattr(self.admin.connection, f"a_raw_{verb}")
        answer: _Answer = await self.call(call(f"admin/realms/{quote(self.name)}/{path}", **options))
        if answer.status_code >= 300:
            raise RealmRefused(answer.status_code, _reason(answer.content))
        return (orjson.loads(answer.content) if answer.content else None), answer.headers


@asynccontextmanager
async def open_realm(settings: Settings, administrator: Administrator | None = None) -> AsyncGenerator[Realm]:
    """The realm of the settings, administered by its service account or by an administrator of the whole server.

    Nothing is sent before the first call. Raises ``ValueError`` if no Keycloak is configured.
    """
    if not settings.keycloak_url:
        raise ValueError("REGIOHUB_KEYCLOAK_URL is not set")
    # Here, because it brings a second HTTP library that only administration needs.
    from keycloak import KeycloakAdmin, KeycloakOpenIDConnection

    who: dict[str, Any] = (
        {"username": administrator.username, "password": administrator.password, "user_realm_name": "master"}
        if administrator
        else {
            "client_id": settings.keycloak_client_id,
            "client_secret_key": settings.keycloak_client_secret.get_secret_value(),
        }
    )
    connection = KeycloakOpenIDConnection(
        server_url=settings.keycloak_url + "/", realm_name=settings.keycloak_realm, timeout=_SECONDS, **who
    )
    try:
        yield Realm(KeycloakAdmin(connection=connection), settings.keycloak_realm)
    finally:
        await connection.keycloak_openid.connection.aclose()
        await connection.aclose()


@contextmanager
def _translated() -> Generator[None]:
    from keycloak.exceptions import KeycloakConnectionError, KeycloakError

    try:
        yield
    except KeycloakConnectionError:
        raise RealmUnreachable from None
    except KeycloakError as error:
        if error.response_code is None or error.response_code >= 500:
            raise RealmUnreachable from None
        raise RealmRefused(error.response_code, _reason(error.response_body or b"")) from None


def _reason(body: bytes) -> str:
    """Keycloak's words: ``errorMessage`` of the admin API, ``error_description`` of the token endpoint."""
    try:
        found: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if isinstance(found, dict):
        for name in ("errorMessage", "error_description", "error"):
            if isinstance(words := found.get(name), str):
                return words
    return "–"
