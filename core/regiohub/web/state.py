"""What the web application keeps beside the platform, reachable from every request."""

from dataclasses import dataclass

from jinja2 import Environment
from starlette.requests import HTTPConnection

from regiohub.auth.identity import Identity
from regiohub.auth.login import Login
from regiohub.auth.resolver import PrincipalResolver
from regiohub.platform import Platform

from .limits import RateLimiter
from .operation.metrics import Metrics


@dataclass(frozen=True, slots=True)
class WebState:
    """One application's platform, identity, limits, metrics, sign-in and templates of the console."""

    platform: Platform
    identity: Identity
    resolver: PrincipalResolver
    limiter: RateLimiter
    metrics: Metrics
    login: Login
    views: Environment


def web_state(connection: HTTPConnection) -> WebState:
    """The state of the application that this request or websocket belongs to."""
    state: WebState = connection.app.state.web
    return state
