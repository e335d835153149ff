"""One caller of a town's API: anonymous, a signed-in person, staff with roles, or whoever holds a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from regiohub.auth.principal import Principal
from regiohub.tenancy.context import TenantScope
from regiohub.texts import Language

if TYPE_CHECKING:
    from regiohub.testing.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL answer."""

    data: Any
    errors: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    status: int = 200

    @property
    def codes(self) -> list[str]:
        """Codes of the top-level errors."""
        return [error.get("extensions", {}).get("code", "") for error in self.errors]


@dataclass(frozen=True)
class Caller:
    """Asks a town's API as one person. Made by `world.caller("potsdam", roles=("editor",))`.

    Without roles, subject and token the caller is anonymous; roles alone make it staff called "anna".
    """

    world: World
    slug: str
    roles: tuple[str, ...] = ()
    subject: str | None = None
    token: str | None = None
    language: Language = "en"

    async def ask(self, document: str, **variables: Any) -> Answer:
        """The whole answer to a document, errors included."""
        return await self.world.graphql(
            self.slug, document, variables, roles=self.roles, subject=self.subject, token=self.token,
            language=self.language,
        )  # fmt: skip

    async def query(self, document: str, **variables: Any) -> Any:
        """The data of an answer that must be free of errors."""
        answer = await self.ask(document, **variables)
        assert not answer.errors, f"{self.slug} answers with errors: {answer.errors}"
        return answer.data

    async def mutate(self, document: str, **variables: Any) -> Any:
        """What the one mutation of a document returned; neither the answer nor its result may have errors."""
        payload = _only(await self.query(document, **variables))
        errors = payload.get("errors") if isinstance(payload, Mapping) else None
        assert not errors, f"the mutation was refused: {errors}"
        return payload

    async def refused(self, document: str, **variables: Any) -> list[str]:
        """Codes of the errors with which a document must be refused: the answer's, or those of its one mutation.

        The document has to ask for `errors { code }`.
        """
        answer = await self.ask(document, **variables)
        payload = None if answer.errors or not answer.data else _only(answer.data)
        inner = payload.get("errors") if isinstance(payload, Mapping) else None
        codes = answer.codes or [str(error["code"]) for error in inner or ()]
        assert codes, f"not refused: {answer.data}"
        return codes

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """A page or route of the town: `path` is relative to it, or absolute with a leading slash."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """Send to a route of the town; `options` are httpx's (`json=`, `content=`, `data=`, `headers=`)."""
        return await self.request("POST", path, **options)

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any HTTP request as this caller; redirects are not followed."""
        town = None if self.slug == "region" else self.slug
        headers: Mapping[str, str] = options.pop("headers", None) or {}
        mine = self.world.headers(town, roles=self.roles, subject=self.subject, token=self.token)
        url = path if path.startswith("/") else f"/{self.slug}/{path}"
        asked = {**mine, "accept-language": self.language, **headers}
        return await self.world.client.request(method, url, headers=asked, **options)

    @property
    def principal(self) -> Principal:
        """The same person for services, without HTTP."""
        subject = self.subject or ("anna" if self.roles else None)
        return self.world.principal(self.slug, roles=self.roles, subject=subject)

    @property
    def scope(self) -> TenantScope:
        """The town's scope in which this person acts, to call services: `async with caller.scope.write() as ctx`."""
        return self.world.scope(self.slug, principal=self.principal, locale=self.language)


def _only(data: Any) -> Any:
    values = list(data.values()) if isinstance(data, Mapping) else []
    assert len(values) == 1, f"give a document with one field at its top, this has {len(values)}"
    return values[0]
