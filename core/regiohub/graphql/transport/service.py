"""What HTTP and websocket share: which schema a request means, as whom and where it runs, under which terms."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope

from regiohub.auth.principal import Principal, PrincipalKind
from regiohub.errors import InvalidInput
from regiohub.graphql.compose.schemas import Composed, Schemas
from regiohub.graphql.core.parts import REGION_PART, TOWN_PART
from regiohub.graphql.execute import Request, Terms
from regiohub.graphql.limits.bounds import Limits
from regiohub.graphql.persisted.identifier import hash_in, hash_of
from regiohub.graphql.source import RegionSource, Source, TownSource
from regiohub.platform import Platform
from regiohub.settings import Settings
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language, t
from regiohub.web.limits import RateLimiter
from regiohub.web.request import TENANT

from .reading import Asked, BadRequest

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
        towns = Schemas(host, "register_graphql", TOWN_PART)
        return cls(platform, towns, Schemas(host, "register_region_graphql", REGION_PART))

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

    async def request(self, tenant: TenantInfo | None, asked: Asked) -> Request:
        """The operation that a request means. Raises `DocumentUnknown`, or `BadRequest` for a text of another hash."""
        query = asked.query
        if asked.document_id is not None:
            wanted = hash_in(asked.document_id)
            if query is None:
                query = await self.platform.persisted.find(tenant, wanted) if tenant and wanted else None
                if query is None:
                    raise DocumentUnknown
            elif hash_of(query) != wanted:
                raise BadRequest(
                    t("Text und Kennung passen nicht zueinander.", "Text and identifier do not belong together."),
                    field="documentId",
                )
        assert query is not None
        return Request(query, asked.variables, asked.operation_name)

    def source(self, tenant: TenantInfo | None, principal: Principal, locale: Language) -> Source:
        """Where an operation runs: in a town, or at the region (None)."""
        if tenant is None:
            return RegionSource(self.platform, principal, locale)
        return TownSource(self.platform.scope(tenant, principal=principal, locale=locale))

    def terms(
        self, tenant: TenantInfo | None, limiter: RateLimiter, principal: Principal, client: str, request_id: str
    ) -> Terms:
        """Limits and gate for a request from a client's address."""
        known = principal.kind is not PrincipalKind.ANONYMOUS
        slug = tenant.slug if tenant else REGION
        return Terms(
            limits=self.limits,
            timeout=self.platform.settings.graphql_timeout,
            gate=lambda: limiter.check("public", slug, client, known=known),
            request_id=request_id,
            plans=self.platform.settings.graphql_plans,
        )


def town_in(scope: Scope) -> TenantInfo | None:
    """The town that an endpoint's address names; None for the region, also on a town's own host name."""
    if scope["path"].startswith(f"/{REGION}/"):
        scope.pop(TENANT, None)
    return scope.get(TENANT)


class DocumentUnknown(InvalidInput):
    """Nobody has registered the document. Apollo's clients wait for exactly these words, and then send the text."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(t("PersistedQueryNotFound", "PersistedQueryNotFound"))
