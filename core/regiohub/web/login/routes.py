"""Signing in and out: ``/auth/login``, ``/auth/callback``, ``/auth/logout``, ``/auth/backchannel-logout``."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from regiohub.auth.login import check_csrf
from regiohub.auth.login.addresses import local_path
from regiohub.auth.login.attempts import LIFETIME
from regiohub.auth.login.cookies import ATTEMPT, SESSION, drop, put, value_of
from regiohub.auth.login.login import SignInFailed
from regiohub.auth.login.provider import LoginUnavailable
from regiohub.auth.tokens import TokenRefused
from regiohub.settings import is_loopback
from regiohub.texts import Language
from regiohub.web.pages.render import render
from regiohub.web.request import BY_HOST, language_of
from regiohub.web.state import web_state

_NO_STORE: Final = {"Cache-Control": "no-store"}


def login_routes() -> APIRouter:
    """The routes of sign-in."""
    router = APIRouter(prefix="/auth")

    @router.get("/login")
    async def login(request: Request, next: str | None = None, issuer: str | None = None) -> Response:
        """Begins a sign-in; with several issuers it first asks which one."""
        elsewhere = _on_the_right_host(request)
        if elsewhere is not None:
            return RedirectResponse(elsewhere, 303, headers=_NO_STORE)
        state = web_state(request)
        providers = state.login.providers
        if len(providers) != 1 and issuer is None:
            choices = [
                (p.title, f"?{urlencode({'issuer': p.issuer.issuer, 'next': local_path(next)})}") for p in providers
            ]
            return _page(request, "login/choose.html", 200 if providers else 503, choices=choices)
        try:
            begun = await state.login.begin(request, issuer=issuer, next=next, language=language_of(request))
        except LoginUnavailable as error:
            return _failed(request, error, next)
        response = RedirectResponse(begun.address, 303, headers=_NO_STORE)
        put(response, ATTEMPT, begun.cookie, max_age=int(LIFETIME.total_seconds()))
        return response

    @router.get("/callback")
    async def callback(request: Request) -> Response:
        """Where the login server sends the browser back to."""
        login = web_state(request).login
        try:
            finished = await login.finish(request)
        except SignInFailed as error:
            return _failed(request, error, error.details.get("next"))
        except LoginUnavailable as error:
            return _failed(request, error, None)
        response = RedirectResponse(finished.next, 303, headers=_NO_STORE)
        put(response, SESSION, finished.opened.cookie)
        if finished.cookie is None:
            drop(response, ATTEMPT)
        else:
            put(response, ATTEMPT, finished.cookie, max_age=int(LIFETIME.total_seconds()))
        return response

    @router.post("/logout")
    async def logout(request: Request) -> Response:
        """Ends the session here, then at the login server, which ends what else belongs to it."""
        login = web_state(request).login
        cookie = value_of(request, SESSION)
        found = await login.sessions.find(cookie) if cookie else None
        if found is None or cookie is None:
            response: Response = RedirectResponse("/", 303, headers=_NO_STORE)
        else:
            form = await request.form()
            check_csrf(request, found.session, form)
            if form.get("everywhere") == "yes":
                await login.own.end_others(found.session)
            onward = await login.end(found.session, cookie)
            # A page and not a redirect: the policy of pages lets no form lead to another site, redirects included.
            response = _page(request, "login/signed_out.html", onward=onward)
        drop(response, SESSION)
        return response

    @router.post("/backchannel-logout")
    async def backchannel(request: Request) -> Response:
        """A login server orders that sessions end (OpenID Connect Back-Channel Logout 1.0)."""
        given = (await request.form()).get("logout_token")
        try:
            await web_state(request).login.logout_ordered(given if isinstance(given, str) else "")
        except TokenRefused:
            # The caller is a server: it gets the name that the standard has, the reason stands in our log.
            return JSONResponse({"error": "invalid_request"}, 400, headers=_NO_STORE)
        return Response(status_code=200, headers=_NO_STORE)

    return router


def _on_the_right_host(request: Request) -> str | None:
    """Where sign-in lives, for a browser on another name of this platform: cookies belong to one host.

    Only names that are surely ours lead on, so that a proxy that hides the name cannot send anybody in circles.
    """
    base = urlsplit(web_state(request).platform.settings.base_url)
    here = request.url.hostname or ""
    if here == base.hostname:
        return None
    if (
        request.scope.get(BY_HOST)
        or request.scope.get("regiohub.tenant")
        or (is_loopback(here) and is_loopback(base.hostname or ""))
    ):
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{base.scheme}://{base.netloc}{request.url.path}{query}"
    return None


def _failed(request: Request, error: SignInFailed | LoginUnavailable, next: str | None) -> Response:
    again = f"/auth/login?{urlencode({'next': local_path(next)})}"
    message = error.message.get(language_of(request))
    return _page(request, "login/failed.html", error.status, message=message, again=again, code=error.code)


def _page(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    spoken = language_of(request)
    headers = {**_NO_STORE, "Content-Language": spoken, "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(
        render(request.scope, template, other_language=other_language(request), **context), status, headers=headers
    )


def other_language(request: Request) -> str:
    """This page in the other language, with everything else that its address says."""
    spoken: Language = "en" if language_of(request) == "de" else "de"
    if request.method != "GET":
        return f"/?lang={spoken}"
    return f"?{request.url.include_query_params(lang=spoken).query}"
