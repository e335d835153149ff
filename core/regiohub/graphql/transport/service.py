"""What HTTP and websocket share: which schema a request means, as whom and where it runs, under which terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from regiohub.auth.principal import Principal
from regiohub.errors import InvalidInput
from regiohub.graphql.compose.schemas import Composed, Schemas
from regiohub.graphql.core.queries import RegionQuery, TownQuery
from regiohub.graphql.execute import Request, Terms
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.source import RegionSource, Source, TownSource
from regiohub.platform import Platform
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import t
from regiohub.web.request import REQUEST_ID, TENANT, client_of, language_of
from regiohub.web.state import web_state

REGION = "region"


@dataclass(slots=True)
class GraphQLService:
    """The schemas of one platform."""

    platform: Platform
    towns: Schemas
    region: Schemas
    settled: bool = False

    @classmethod
    def of(cls, platform: Platform) -> GraphQLService:
        """Check and collect what plugins contribute. Raises QuarantineError in strict mode."""
        host = platform.plugins
        towns = Schemas(host, "register_graphql", TownQuery)
        return cls(platform, towns, Schemas(host, "register_region_graphql", RegionQuery))

    async def settle(self) -> None:
        """Once: towns loaded before a part was found faulty still count its plugin as working."""
        if not self.settled:
            self.settled = True
            if self.towns.faults or self.region.faults:
                await self.platform.tenants.reload()

    def schema_of(self, tenant: TenantInfo | None) -> Composed:
        """The schema of a town as it is now, or of the region (None)."""
        if tenant is None:
            return self.region.of(self.region.plugins)
        now = self.platform.tenants.by_id(tenant.id) or tenant
        return self.towns.of(now.enabled)

    def source(self, connection: HTTPConnection, principal: Principal) -> Source:
        """Where the operation runs: in the request's town, or at the region."""
        tenant = connection.scope.get(TENANT)
        locale = language_of(connection)
        if tenant is None:
            return RegionSource(self.platform, principal, locale)
        return TownSource(self.platform.scope(tenant, principal=principal, locale=locale))

    def terms(self, connection: HTTPConnection) -> Terms:
        """Limits and gate for a request."""
        tenant = connection.scope.get(TENANT)
        slug = tenant.slug if tenant else REGION
        limiter, client = web_state(connection).limiter, client_of(connection)
        return Terms(
            limits=Limits.of(self.platform.settings),
            timeout=self.platform.settings.graphql_timeout,
            gate=lambda: limiter.check("public", slug, client),
            request_id=connection.scope.get(REQUEST_ID, "-"),
        )


class BadRequest(InvalidInput):
    """The body is no GraphQL request."""

    code = "BAD_REQUEST"
    status = 400


def read_request(content: Any) -> Request:
    """The request in a JSON body. Raises `BadRequest`."""
    if isinstance(content, list):
        raise BadRequest(
            t("Mehrere Anfragen auf einmal werden nicht angenommen.", "Several operations at once are not accepted.")
        )
    if not isinstance(content, dict):
        raise BadRequest(t("Der Inhalt muss ein JSON-Objekt sein.", "The body must be a JSON object."))
    query, variables, name = content.get("query"), content.get("variables"), content.get("operationName")
    if not isinstance(query, str):
        raise BadRequest(t("Der Text der Anfrage fehlt.", "The text of the operation is missing."), field="query")
    if not isinstance(variables, dict | None):
        raise BadRequest(t("Variablen müssen ein Objekt sein.", "Variables must be an object."), field="variables")
    if not isinstance(name, str | None):
        raise BadRequest(t("Der Name muss Text sein.", "The name must be text."), field="operationName")
    return Request(query, variables or {}, name)
