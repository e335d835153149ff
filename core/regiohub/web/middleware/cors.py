"""Which other sites' pages may call a town: the origins in its file, and those of the settings."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from regiohub.tenancy.info import TenantInfo
from regiohub.web.request import TENANT

_EXPOSED = ("X-Request-ID", "Retry-After", "Content-Language", "Link")


class TenantCorsMiddleware:
    """Cross-origin rules per town, preflight requests included. Cookies are never allowed across origins."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...] = ()) -> None:
        self.app = app
        self._everywhere = origins
        self._by_origins: dict[tuple[str, ...], CORSMiddleware] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Applies the rules of the request's town; outside of towns only those of the settings."""
        tenant: TenantInfo | None = scope.get(TENANT)
        origins = tuple(sorted({*self._everywhere, *(tenant.cors_origins if tenant else ())}))
        if not origins:
            await self.app(scope, receive, send)
            return
        rules = self._by_origins.get(origins)
        if rules is None:
            rules = self._by_origins[origins] = CORSMiddleware(
                self.app,
                allow_origins=origins,
                allow_methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
                allow_headers=("*",),
                expose_headers=_EXPOSED,
                max_age=600,
            )
        await rules(scope, receive, send)
