"""The application factory."""

from contextlib import AbstractAsyncContextManager
from functools import partial
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Mount

from regiohub.auth.identity import build_identity
from regiohub.auth.login import Login
from regiohub.console.app import console_routes, plugin_pages
from regiohub.console.sessions import SignInNeeded, to_sign_in
from regiohub.console.views import environment
from regiohub.graphql.transport.hot import HotRoute
from regiohub.graphql.transport.http import GraphQLEndpoint
from regiohub.graphql.transport.routes import graphql_routes
from regiohub.graphql.transport.service import GraphQLService
from regiohub.platform import Platform

from .application import Application
from .errors import install_handlers
from .lifespan import running
from .limits import RateLimiter
from .login.dev import dev_issuer_routes
from .login.inside import inside
from .login.routes import login_routes
from .middleware.body import BodyLimitMiddleware
from .middleware.cors import TenantCorsMiddleware
from .middleware.envelope import Envelope, EnvelopeMiddleware
from .middleware.tenant import TenantMiddleware, Towns
from .operation.metrics import Metrics
from .operation.routes import operation_routes
from .pages.routes import page_routes, town_routes
from .routing import LabelledRoute, plugin_routes
from .state import WebState
from .static_files import static_app


def create_app(platform: Platform) -> FastAPI:
    """The web application of a platform.

    Its lifespan starts and stops the platform and, if the settings say so, the worker. Raises ``DevIssuerRefused`` if
    test tokens are asked for where they are dangerous.
    """
    settings = platform.settings
    identity = build_identity(settings, platform.clock.now)
    metrics = Metrics(platform.plugins)
    login = Login(platform, identity, transport=lambda: inside(app))
    resolver = identity.resolver(platform.permissions, platform.town_roles)
    pages = plugin_pages(platform)
    state = WebState(
        platform, identity, resolver, RateLimiter.from_settings(settings), metrics, login, environment(platform)
    )

    def lifespan(_app: FastAPI) -> AbstractAsyncContextManager[None]:
        return running(state)

    service = GraphQLService.of(platform)
    secure = urlsplit(settings.base_url).scheme == "https"
    envelope = Envelope(metrics, secure=secure, map_sources=settings.map_sources)
    towns = Towns(platform)
    hot = partial(
        HotRoute, endpoint=GraphQLEndpoint(service, state), envelope=envelope, towns=towns,
        origins=settings.cors_origins, most=settings.body_max_bytes,
    )  # fmt: skip
    app = Application(
        hot,
        title="Regio.hub",
        lifespan=lifespan,
        # The routes differ from town to town: one document for all of them would be wrong for each.
        openapi_url=None,
        middleware=[
            Middleware(EnvelopeMiddleware, envelope=envelope),
            Middleware(TenantMiddleware, towns=towns),
            Middleware(TenantCorsMiddleware, origins=settings.cors_origins),
            Middleware(BodyLimitMiddleware, most=settings.body_max_bytes, uploads=settings.upload_max_bytes),
        ],
    )
    app.state.web = state
    install_handlers(app)
    app.add_exception_handler(SignInNeeded, to_sign_in)
    app.router.routes.append(LabelledRoute(Mount("/static", static_app())))
    app.include_router(operation_routes(settings))
    app.include_router(login_routes())
    if identity.dev is not None:
        app.include_router(dev_issuer_routes(platform, identity.dev, lambda: inside(app)))
    app.router.routes.extend(LabelledRoute(route) for route in graphql_routes(service))
    app.router.routes.extend(plugin_routes(platform))
    app.router.routes.extend(pages)
    app.include_router(console_routes())
    app.include_router(page_routes())
    app.include_router(town_routes())
    return app
