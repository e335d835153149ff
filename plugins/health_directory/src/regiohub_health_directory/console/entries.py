"""The entries: as a list with the traffic light of the last check, and one by one."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Date, and_, func, literal, or_, select
from sqlalchemy.orm import undefer
from starlette.responses import Response

from regiohub.api import Ctx, history, t
from regiohub.api.console import Column, Filter, Listing, TownPage
from regiohub_health_directory.models import TERM_CODES, HealthServiceStatus, Organization, Service, ServiceTerm
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import answers, editing
from regiohub_health_directory.service.accessibility import FEATURES
from regiohub_health_directory.service.bundles import Bundle
from regiohub_health_directory.service.comparing import address_line
from regiohub_health_directory.service.conditions import has_part
from regiohub_health_directory.service.drafting import bundle_of
from regiohub_health_directory.service.freshness import (
    HealthFreshness,
    current_accepting,
    freshness,
    freshness_counts,
    is_fresh,
)
from regiohub_health_directory.service.languages import language_name
from regiohub_health_directory.service.verification.letters import in_words
from regiohub_health_directory.taxonomy import load_taxonomy

from . import words

router = APIRouter()
_LONG_AGO = literal(date(1900, 1, 1), Date())


def listing(ctx: Ctx) -> Listing:
    """The list; what is fresh depends on the town's day and settings."""
    return Listing(
        "entries",
        t("Einträge", "Entries"),
        columns=(
            Column(
                "name", t("Name", "Name"), lambda r: r.Service.name, sort=Service.sort_name,
                link=lambda r: f"entries/{r.Service.id}",
            ),
            Column("provider", t("Anbieter", "Provider"), lambda r: r.provider, sort=Organization.name),
            Column(
                "terms", t("Kategorien", "Categories"), lambda r: words.terms(answers.codes(r.Service.term_codes)),
            ),
            Column("status", t("Stand", "Status"), lambda r: words.status(r.Service), sort=Service.status),
            Column("freshness", t("Ampel", "Traffic light"), lambda r: words.light(freshness(r.Service, ctx))),
            # Never checked is older than any day.
            Column(
                "verified", t("Zuletzt geprüft", "Last checked"), lambda r: r.Service.verified_on,
                sort=func.coalesce(Service.verified_on, _LONG_AGO),
            ),
            Column(
                "updated", t("Zuletzt geändert", "Last changed"), lambda r: r.Service.updated_at,
                sort=Service.updated_at,
                export_only=True,
            ),
            Column(
                "accepting", t("Nimmt neue auf", "Accepting new"),
                lambda r: words.ACCEPTING[current_accepting(r.Service, ctx)], export_only=True,
            ),
            Column("hours", t("Öffnungszeiten", "Opening hours"), lambda r: r.Service.opening_hours, export_only=True),
            Column("email", t("E-Mail", "Mail"), lambda r: r.Service.email or r.email, export_only=True),
            Column("id", t("Kennung", "Identifier"), lambda r: str(r.Service.id), export_only=True),
        ),
        filters=(
            Filter.text("q", t("Name oder Anbieter", "Name or provider"), _named),
            Filter.choice("term", t("Kategorie", "Category"), words.term_choices(), _of_term),
            Filter.choice(
                "freshness", t("Ampel", "Traffic light"), words.choices(words.FRESHNESS),
                lambda value: is_fresh(ctx, HealthFreshness(value)),
            ),
            Filter.choice(
                "status", t("Stand", "Status"), words.choices(words.STATUS),
                lambda value: Service.status == HealthServiceStatus(value),
            ),
        ),
        order="name",
        last=Service.id,
        empty=t("Noch gibt es keine Einträge.", "There are no entries yet."),
    )  # fmt: skip


def entries_statement() -> Any:
    """Entries with their providers; what belongs to them comes in the same statement."""
    return (
        select(Service, Organization.name.label("provider"), Organization.email.label("email"))
        .join(
            Organization, and_(Organization.tenant_id == Service.tenant_id, Organization.id == Service.organization_id)
        )
        .options(undefer(getattr(Service, TERM_CODES)))
    )


def _named(part: str) -> Any:
    return or_(
        Service.name.icontains(part, autoescape=True),
        Service.alternate_name.icontains(part, autoescape=True),
        Organization.name.icontains(part, autoescape=True),
    )


def _of_term(code: str) -> Any:
    return has_part(ServiceTerm, ServiceTerm.code.in_(load_taxonomy().with_descendants(code)))


@router.get("/entries")
async def entries(page: TownPage) -> Response:
    """List of all entries, and how many of the public ones show which light."""
    page.require(MANAGE)
    async with page.read() as ctx:
        counts = await freshness_counts(ctx)
        found = await page.list(ctx, listing(ctx), entries_statement())
    tiles = [
        (words.FRESHNESS[light], counts[light], tone, page.url("entries", f"?entries.freshness={light.value}"))
        for light, tone in zip(HealthFreshness, ("good", "warn", "bad"), strict=True)
    ]
    return page.show("health_directory/entries.html", entries=found, tiles=tiles)


@router.get("/entries/{id:uuid}")
async def entry(page: TownPage, id: UUID) -> Response:
    """One entry: its facts, its places, what happened to it."""
    page.require(MANAGE)
    async with page.read() as ctx:
        bundle = await bundle_of(ctx, id)
        past = [(e.at, words.happened(e.action, e.after)) for e in await history(ctx, "service", id, limit=30)]
        facts, lamp = _facts(ctx, bundle), words.light(freshness(bundle.service, ctx))
        places = [_place(ctx, bundle, number) for number in range(len(bundle.places))]
    return page.show("health_directory/entry.html", service=bundle.service, bundle=bundle, facts=facts, places=places,
                     past=past, light=lamp, stand=words.status(bundle.service))  # fmt: skip


@router.post("/entries/{id:uuid}/verify")
async def verify(page: TownPage, id: UUID) -> Response:
    """Record that the entry was checked today."""
    page.require(MANAGE)
    await page.act(lambda ctx: editing.verify_service(ctx, id))
    return page.done(t("Der Eintrag gilt ab heute als geprüft.", "The entry counts as checked from today."),
                     page.url("entries", id))  # fmt: skip


@router.post("/entries/{id:uuid}/status")
async def change_status(page: TownPage, id: UUID) -> Response:
    """Publish, close for a time, or withdraw; withdrawing asks first."""
    page.require(MANAGE)
    wanted = HealthServiceStatus(_one_of(page.values().get("status", [])))
    if wanted in (HealthServiceStatus.INACTIVE, HealthServiceStatus.DEFUNCT) and not await page.confirmed():
        return page.ask(
            t("Eintrag zurückziehen?", "Withdraw the entry?"),
            [
                t("Niemand außer der Verwaltung sieht ihn dann noch.", "Then nobody but the town's staff sees it."),
                t("Er bleibt gespeichert und kann wieder veröffentlicht werden.",
                  "It stays stored and can be published again."),
            ],
            submit=t("Zurückziehen", "Withdraw"),
            back=page.url("entries", id),
        )  # fmt: skip
    await page.act(lambda ctx: editing.set_status(ctx, id, wanted))
    return page.done(words.STATUS[wanted], page.url("entries", id))


@router.post("/entries/{id:uuid}/delete")
async def delete(page: TownPage, id: UUID) -> Response:
    """Remove the entry for good."""
    page.require(MANAGE)
    if not await page.confirmed():
        return page.ask(
            t("Eintrag endgültig löschen?", "Delete the entry for good?"),
            [
                t("Der Eintrag mit Telefonnummern, Zeiten und Preisen verschwindet.",
                  "The entry vanishes with its phone numbers, hours and prices."),
                t("Vorschläge zu diesem Eintrag verschwinden mit ihm.", "Suggestions about this entry vanish with it."),
                t("Anbieter und Orte bleiben.", "Providers and places stay."),
            ],
            submit=t("Löschen", "Delete"),
            back=page.url("entries", id),
        )  # fmt: skip
    await page.act(lambda ctx: editing.delete_service(ctx, id))
    return page.done(t("Der Eintrag ist gelöscht.", "The entry is deleted."), page.url("entries"))


def _one_of(given: list[str]) -> str:
    known = {status.value for status in HealthServiceStatus}
    return given[0] if given and given[0] in known else HealthServiceStatus.ACTIVE.value


def _facts(ctx: Ctx, bundle: Bundle) -> list[tuple[Any, Any]]:
    service = bundle.service
    hours = service.opening_hours
    phones = [f"{phone.number}{f' ({phone.description})' if phone.description else ''}" for phone in bundle.phones]
    costs = [f"{c.option}: {c.amount:.2f} {c.currency or ''}" for c in bundle.costs if c.amount is not None]
    return [
        (t("Kategorien", "Categories"), words.terms(bundle.codes)),
        (t("Beschreibung", "Description"), service.description),
        (t("In Leichter Sprache", "In plain language"), service.summary_easy),
        (t("Telefon", "Phone"), "; ".join(phones)),
        (t("E-Mail", "Mail"), service.email),
        (t("Webseite", "Web page"), service.url),
        (t("Öffnungszeiten", "Opening hours"), in_words(ctx, hours, ctx.locale) if hours else None),
        (t("Sprachen", "Languages"), [language_name(code, ctx.locale) for code in bundle.languages]),
        (t("Nimmt neue Patientinnen und Patienten auf", "Accepting new patients"),
         words.ACCEPTING[current_accepting(service, ctx)]),
        (t("Nur mit Termin", "By appointment only"), service.appointment_required),
        (t("Per Telefon oder Video", "By phone or video"), service.telehealth),
        (t("Hinweis", "Notice"), service.alert),
        (t("Für wen", "For whom"), service.eligibility_description),
        (t("Kosten", "Costs"), service.fees_description or "; ".join(costs)),
        (t("Zuletzt geändert", "Last changed"), service.updated_at),
    ]  # fmt: skip


def _place(ctx: Ctx, bundle: Bundle, number: int) -> dict[str, Any]:
    at, location = bundle.places[number]
    hours = at.opening_hours or bundle.service.opening_hours
    return {
        "id": location.id,
        "name": location.name,
        "facts": [
            (t("Anschrift", "Address"), address_line(location)),
            (t("Ortsteil", "Part of the town"), location.district),
            (t("Öffnungszeiten", "Opening hours"), in_words(ctx, hours, ctx.locale) if hours else None),
            (t("Mit dem Rollstuhl zugänglich", "Accessible by wheelchair"), words.wheelchair(location.wheelchair)),
            (t("Merkmale", "Features"), [FEATURES[c].get(ctx.locale) for c in location.accessibility if c in FEATURES]),
            (t("Zur Barrierefreiheit", "On accessibility"), location.accessibility_note),
            (t("Lage auf der Karte", "Position on the map"),
             t("bekannt", "known") if location.place else t("fehlt", "missing")),
        ],
    }  # fmt: skip
