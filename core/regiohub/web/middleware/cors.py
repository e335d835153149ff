"""Which other sites' pages may call a town: the origins in its file, and those of the settings."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from regiohub.tenancy.info import TenantInfo
from regiohub.web.request import TENANT

_EXPOSED = ("X-Request-ID", "Retry-After", "Content-Language", "Link", "ETag")


class Origins:
    """Cross-origin rules per town. Cookies are never allowed across origins."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...] = ()) -> None:
        self.app = app
        self._everywhere = origins
        self._by_origins: dict[tuple[str, ...], CORSMiddleware] = {}

    def of(self, tenant: TenantInfo | None) -> CORSMiddleware | None:
        """The rules of a town, outside of towns only those of the settings; None where no other site may call."""
        if tenant is None or not tenant.cors_origins:
            origins = self._everywhere
        else:
            origins = tuple(sorted({*self._everywhere, *tenant.cors_origins}))
        if not origins:
            return None
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
        return rules


class TenantCorsMiddleware:
    """Applies the rules of the request's town, preflight requests included."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...] = ()) -> None:
        self.app = app
        self._origins = Origins(app, origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, within the rules."""
        await (self._origins.of(scope.get(TENANT)) or self.app)(scope, receive, send)
