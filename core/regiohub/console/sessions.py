"""From the session of a request to the person in one town."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regiohub.auth.login import ConsoleSession
from regiohub.auth.principal import Principal
from regiohub.auth.rights import principal_of
from regiohub.errors import Forbidden, Unauthenticated
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import t
from regiohub.web.state import WebState


class SignInNeeded(Unauthenticated):
    """A page of the console was asked for without a session: the answer leads to the sign-in, and back."""


class ForeignIssuer(Forbidden):
    """The login server behind this session may not speak for this town."""

    code = "FOREIGN_ISSUER"


def person_in(state: WebState, session: ConsoleSession, tenant: TenantInfo | None) -> Principal:
    """The signed-in person with the rights in a town (``None``: at the region).

    :raises ForeignIssuer: the person signed in at a login server that does not speak for this town.
    """
    slug = tenant.slug if tenant else None
    # At the region nothing is judged by this: there only regional roles count, and only those of a regional issuer.
    if slug is not None and not session.issuer.speaks_for(slug):
        raise ForeignIssuer(
            t(
                "Ihre Anmeldung gilt nicht für diese Kommune. Bitte mit deren Konto anmelden.",
                "Your sign-in does not count for this town. Please sign in with its account.",
            )
        )
    return principal_of(
        session.claims,
        tenant=slug,
        declared=state.platform.permissions(slug),
        roles=state.platform.town_roles(slug),
        speaks_for_region=session.issuer.region,
    )


async def to_sign_in(request: Request, _error: Exception) -> Response:
    """Leads to the sign-in, and afterwards back to this page (to the start where something was to be changed)."""
    path = request.url.path
    if request.method in ("GET", "HEAD"):
        wanted = path + (f"?{request.url.query}" if request.url.query else "")
    else:
        wanted = "/console/"
    address = f"/auth/login?next={quote(wanted, safe='')}"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=401, headers={"HX-Redirect": address, "Cache-Control": "no-store"})
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
