"""What HTTP and websocket share: which schema a request means, as whom and where it runs, under which terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.types import Scope

from regiohub.auth.principal import Principal
from regiohub.errors import InvalidInput
from regiohub.graphql.compose.schemas import Composed, Schemas
from regiohub.graphql.core.queries import RegionQuery, TownQuery
from regiohub.graphql.execute import Request, Terms
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.source import RegionSource, Source, TownSource
from regiohub.platform import Platform
from regiohub.settings import Settings
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language, t
from regiohub.web.limits import RateLimiter
from regiohub.web.request import TENANT

REGION = "region"


@dataclass(slots=True)
class GraphQLService:
    """The schemas of one platform."""

    platform: Platform
    towns: Schemas
    region: Schemas
    settled: bool = False
    _limits: tuple[Settings, Limits] | None = None

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

    @property
    def limits(self) -> Limits:
        """The limits that the settings give."""
        settings = self.platform.settings
        if self._limits is None or self._limits[0] is not settings:
            self._limits = (settings, Limits.of(settings))
        return self._limits[1]

    def source(self, tenant: TenantInfo | None, principal: Principal, locale: Language) -> Source:
        """Where an operation runs: in a town, or at the region (None)."""
        if tenant is None:
            return RegionSource(self.platform, principal, locale)
        return TownSource(self.platform.scope(tenant, principal=principal, locale=locale))

    def terms(self, tenant: TenantInfo | None, limiter: RateLimiter, client: str, request_id: str) -> Terms:
        """Limits and gate for a request from a client's address."""
        slug = tenant.slug if tenant else REGION
        return Terms(
            limits=self.limits,
            timeout=self.platform.settings.graphql_timeout,
            gate=lambda: limiter.check("public", slug, client),
            request_id=request_id,
            plans=self.platform.settings.graphql_plans,
        )


def town_in(scope: Scope) -> TenantInfo | None:
    """The town that an endpoint's address names; None for the region, also on a town's own host name."""
    if scope["path"].startswith(f"/{REGION}/"):
        scope.pop(TENANT, None)
    return scope.get(TENANT)


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
