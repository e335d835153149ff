"""Which contenders there are, what each is, and where it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from starlette.types import ASGIApp

BOTH = ("postgresql", "sqlite")


@dataclass(frozen=True, slots=True)
class Contender:
    """A server: its name, what it is, path (with {town} and {query}), settings, and on which databases it runs."""

    name: str
    title: str
    path: str = "/{town}/graphql"
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    databases: tuple[str, ...] = BOTH

    @property
    def is_ours(self) -> bool:
        """Whether it is our server, with whatever settings."""
        return bool(self.environment)


def _ours(**settings: str) -> dict[str, str]:
    return {f"REGIOHUB_GRAPHQL_{name.upper()}": value for name, value in settings.items()}


CONTENDERS: dict[str, Contender] = {
    contender.name: contender
    for contender in (
        Contender("raw", "one hand-written statement that writes the JSON, bare Starlette", "/{town}/raw/{query}"),
        Contender("ours", "our server, plans on", environment=_ours(plans="true", response_cache="false")),
        Contender("ordinary", "our server, plans off", environment=_ours(plans="false", response_cache="false")),
        Contender(
            "resolvers",
            "our server, a plugin of functions alone, with the statements of `strawberry-lean`",
            environment=_ours(plans="true", response_cache="false"),
        ),
        Contender("strawberry", "Strawberry, ORM objects, DataLoader"),
        Contender("strawberry-lean", "Strawberry, plain rows with joins, orjson"),
        Contender("postgraphile", "PostGraphile 5", databases=("postgresql",)),
        Contender("cached", "our server, answers from its cache", environment=_ours(response_cache="true")),
        Contender("constant", "a constant body behind the token check, bare ASGI", "/{town}/constant/{query}"),
        Contender("bare", "a constant body without any check, bare ASGI", "/{town}/bare/{query}"),
    )
}

_MODULES = {
    "raw": "raw:app",
    "constant": "constant:app",
    "bare": "constant:bare_app",
    "strawberry": "strawberry_way.server:app",
    "strawberry-lean": "strawberry_way.server:lean_app",
}


def _factory(place: str) -> Callable[[], ASGIApp]:
    module, name = place.split(":")

    def make() -> ASGIApp:
        # Imported in the process that serves it: nobody pays for the others' libraries.
        app: ASGIApp = getattr(import_module(f".{module}", __package__), name)()
        return app

    return make


FACTORIES = {name: _factory(place) for name, place in _MODULES.items()}
