"""Routes of the built-in issuer: discovery, keys, sign-in as a made-up person, tokens, logout."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

import structlog
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from regiohub.auth.admin.access import dev_directory
from regiohub.auth.dev import DEV_PATH, DevIssuer
from regiohub.auth.dev.authority import DevAuthority, TokenRequestRefused
from regiohub.auth.dev.requests import AuthorizationRequest, RefusedRequest, read_request
from regiohub.auth.login.provider import Transport
from regiohub.platform import Platform
from regiohub.texts import Language
from regiohub.web.pages.render import render
from regiohub.web.request import language_of
from regiohub.web.state import web_state

from .people import groups_of
from .routes import other_language

log = structlog.get_logger(__name__)

_NO_STORE: Final = {"Cache-Control": "no-store"}


def dev_issuer_routes(platform: Platform, issuer: DevIssuer, transport: Transport) -> APIRouter:
    """What a real login server offers, for made-up people. ``transport`` leads back into this very application."""
    router = APIRouter(prefix=DEV_PATH)
    base_url = platform.settings.base_url
    authority = DevAuthority(issuer, dev_directory(platform), platform.clock.now)

    @router.get("/.well-known/openid-configuration")
    async def configuration() -> Response:
        """The discovery document; ``dev`` is true in it."""
        return JSONResponse(issuer.configuration)

    @router.get("/jwks.json")
    async def key_set() -> Response:
        """The public key."""
        return JSONResponse(issuer.key_set)

    @router.get("/authorize")
    async def authorize(request: Request, subject: str | None = None) -> Response:
        """The people to choose from; with ``subject`` the answer to the client that asked."""
        asked = read_request(request.query_params, issuer=issuer.issuer, base_url=base_url)
        if isinstance(asked, RefusedRequest):
            return RedirectResponse(asked.address, 303, headers=_NO_STORE)
        if subject is None:
            return _people(request, authority, asked)
        code = authority.grant(asked, subject)
        answer = {"code": code} if code else {"error": "access_denied"}
        return RedirectResponse(asked.answer(issuer.issuer, **answer), 303, headers=_NO_STORE)

    @router.post("/token")
    async def token(request: Request) -> Response:
        """Tokens for a code, a refresh token, or a machine client's secret (RFC 6749)."""
        form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
        client, secret = _client_of(request, form)
        try:
            return JSONResponse(authority.token(form, client, secret), headers=_NO_STORE)
        except TokenRequestRefused as refusal:
            return JSONResponse({"error": refusal.error}, refusal.status, headers=_NO_STORE)

    @router.api_route("/logout", methods=["GET", "POST"])
    async def logout(request: Request) -> Response:
        """Ends a session here (OpenID Connect RP-Initiated Logout) and has the console end what belongs to it."""
        given: dict[str, Any] = {**request.query_params, **(await request.form())}
        sid = authority.end(str(given.get("id_token_hint") or given.get("refresh_token") or ""))
        if sid is not None:
            await _order_logout(f"{base_url}/auth/backchannel-logout", authority.logout_token(sid), transport)
        known = given.get("post_logout_redirect_uri") == f"{base_url}/"
        return RedirectResponse(f"{base_url}/" if known else "/", 303, headers=_NO_STORE)

    return router


def _people(request: Request, authority: DevAuthority, asked: AuthorizationRequest) -> Response:
    spoken: Language = language_of(request)
    towns = {town.slug: town.name for town in web_state(request).platform.tenants.all()}
    html = render(
        request.scope,
        "login/people.html",
        groups=groups_of(authority.directory.people(), towns, spoken, request.url),
        other_language=other_language(request),
        cancel=asked.answer(authority.issuer.issuer, error="access_denied"),
    )
    return HTMLResponse(html, headers={**_NO_STORE, "Content-Language": spoken})


def _client_of(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    """Name and secret of a client, from the header (RFC 6749, 2.3.1) or from the form."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        name, _, secret = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return unquote(name), unquote(secret)


async def _order_logout(address: str, token: str, transport: Transport) -> None:
    import httpx

    async with httpx.AsyncClient(transport=transport(), timeout=5) as client:
        answer = await client.post(address, data={"logout_token": token})
    log.info("logout_ordered", status=answer.status_code)
