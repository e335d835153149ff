"""Own account: sessions with device and time, ended one by one or all at once."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.login import Login
from regiohub.auth.login.own import OwnSession
from regiohub.auth.permissions import CITIZEN, REGION_ROLES
from regiohub.auth.roles.catalogue import title_of
from regiohub.console.dependencies import RegionPage
from regiohub.console.listing import Cell, Column, Listing
from regiohub.console.page import Page
from regiohub.console.sessions import person_in
from regiohub.texts import Text, t
from regiohub.web.state import web_state

account_router = APIRouter()

UNKNOWN_DEVICE = t("Unbekanntes Gerät", "Unknown device")
HERE = t("dieses Gerät", "this device")
SESSIONS = Listing(
    "sessions",
    t("Anmeldungen", "Sign-ins"),
    columns=(
        Column(
            "device", t("Gerät", "Device"), lambda row: _device(row), sort=lambda row: row.device,
            link=lambda row: f"/console/account/sessions/{row.id}",
        ),
        Column("here", t("Wo", "Where"), lambda row: Cell(HERE, badge="info") if row.is_this else None),
        Column(
            "since", t("Angemeldet seit", "Signed in since"), lambda row: row.created_at,
            sort=lambda row: row.created_at,
        ),
        Column("seen", t("Zuletzt benutzt", "Last used"), lambda row: row.seen_at, sort=lambda row: row.seen_at),
        Column("until", t("Endet spätestens", "Ends at the latest"), lambda row: row.expires_at),
    ),
    order="-seen",
)  # fmt: skip


@account_router.get("")
async def account(page: RegionPage) -> Response:
    """Who is signed in, with which roles, on which devices."""
    own = await _login(page).own.list(page.session)
    return page.show(
        "account/account.html", claims=page.session.claims, roles=_roles(page), sign_in=_title(page),
        sessions=await page.list(None, SESSIONS, own),
    )  # fmt: skip


@account_router.get("/sessions/{id}")
async def session(page: RegionPage, id: UUID) -> Response:
    """One sign-in."""
    return page.show("account/session.html", one=await _login(page).own.find(page.session, id), device=_device)


@account_router.post("/sessions/{id}/end")
async def end(page: RegionPage, id: UUID) -> Response:
    """End one sign-in on another device; the present one ends by signing out."""
    await _login(page).own.end(page.session, id)
    return page.done(t("Die Anmeldung ist beendet.", "The sign-in has ended."), "/console/account")


@account_router.post("/sessions/end-others")
async def end_others(page: RegionPage) -> Response:
    """End all sign-ins on other devices."""
    ended = await _login(page).own.end_others(page.session)
    words = t(
        "{number} Anmeldungen auf anderen Geräten sind beendet.", "{number} sign-ins on other devices have ended."
    )
    if ended == 1:
        words = t("Eine Anmeldung auf einem anderen Gerät ist beendet.", "One sign-in on another device has ended.")
    return page.done(words.format(number=ended), "/console/account")


def _login(page: Page) -> Login:
    return web_state(page.request).login


def _device(row: OwnSession) -> Text | str:
    return row.device or UNKNOWN_DEVICE


def _title(page: Page) -> str:
    providers = {provider.issuer.issuer: provider.title for provider in _login(page).providers}
    return providers.get(page.session.issuer.issuer, page.session.issuer.issuer)


def _roles(page: Page) -> list[tuple[str, str]]:
    """The roles that count, by town."""
    state, found = web_state(page.request), list[tuple[str, str]]()
    for town in page.platform.tenants.all():
        if town.slug in page.session.claims.staff and page.session.issuer.speaks_for(town.slug):
            roles = person_in(state, page.session, town).roles - {CITIZEN} - REGION_ROLES.keys()
            titles = sorted(title_of(page.platform, town, role).get(page.language) for role in roles)
            found.append((town.name, ", ".join(titles) or "–"))
    return found
