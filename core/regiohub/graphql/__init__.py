"""One GraphQL schema per set of plugins: declared by plugins, composed, bounded and executed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from regiohub.platform import Platform


def graphql_routes(platform: Platform) -> Sequence[BaseRoute]:
    """Routes of the towns' and the region's GraphQL: endpoint, live socket, schema text."""
    # Here and not above: plugins import the authoring part of this package, which needs nothing of the web.
    from .transport.routes import graphql_routes as make

    return make(platform)
