"""Verification mails: who is to be asked, who was asked, and what came back."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, or_, select
from starlette.responses import Response

from regiohub.api import Ctx, latest_work, t
from regiohub.api.console import Column, Filter, Listing, TownPage
from regiohub_health_directory.models import HealthVerificationState, Organization, VerificationRequest
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import verification
from regiohub_health_directory.service.freshness import HealthFreshness
from regiohub_health_directory.service.verification.choosing import providers_to_ask
from regiohub_health_directory.service.verification.letters import TASK
from regiohub_health_directory.settings import HealthSettings

from . import words

router = APIRouter()
_ASKED = {
    "stale": (HealthFreshness.STALE,),
    "due": (HealthFreshness.STALE, HealthFreshness.DUE),
}


def _named(part: str) -> Any:
    return or_(
        Organization.name.icontains(part, autoescape=True), VerificationRequest.email.icontains(part, autoescape=True)
    )


LETTERS = Listing(
    "letters",
    t("Prüfmails", "Verification mails"),
    columns=(
        Column("created", t("Verschickt", "Sent"), lambda r: r.VerificationRequest.created_at,
               sort=VerificationRequest.created_at),
        Column("provider", t("Anbieter", "Provider"), lambda r: r.provider, sort=Organization.name,
               link=lambda r: f"providers/{r.VerificationRequest.organization_id}"),
        Column("email", t("An", "To"), lambda r: r.VerificationRequest.email),
        Column("entries", t("Einträge", "Entries"), lambda r: len(r.VerificationRequest.service_ids), numeric=True),
        Column("state", t("Stand", "State"), lambda r: words.letter(r.VerificationRequest.state),
               sort=VerificationRequest.state),
        Column("expires", t("Gilt bis", "Valid until"), lambda r: r.VerificationRequest.expires_at,
               sort=VerificationRequest.expires_at),
        Column("reminded", t("Erinnert", "Reminded"), lambda r: r.VerificationRequest.reminded_at),
        Column("confirmed", t("Bestätigt", "Confirmed"), lambda r: r.VerificationRequest.confirmed, numeric=True),
        Column("corrected", t("Zu berichtigen", "To be corrected"), lambda r: r.VerificationRequest.corrected,
               numeric=True),
    ),
    filters=(
        Filter.text("q", t("Anbieter oder Adresse", "Provider or address"), _named),
        Filter.choice("state", t("Stand", "State"), words.choices(words.LETTER),
                      lambda value: VerificationRequest.state == HealthVerificationState(value)),
    ),
    order="-created",
    last=VerificationRequest.id,
    empty=t("Noch wurde kein Anbieter gefragt.", "No provider was asked yet."),
)  # fmt: skip
UNASKED = Listing(
    "unasked",
    t("Noch zu fragen", "Still to be asked"),
    columns=(
        Column("name", t("Anbieter", "Provider"), lambda r: r.name, sort=lambda r: r.name,
               link=lambda r: f"providers/{r.id}"),
        Column("email", t("E-Mail", "Mail"), lambda r: r.email, sort=lambda r: r.email),
        Column("entries", t("Einträge", "Entries"), lambda r: len(r.service_ids), numeric=True,
               sort=lambda r: len(r.service_ids)),
    ),
    filters=(
        Filter.text("q", t("Anbieter", "Provider"), lambda value: lambda row: value.casefold() in row.name.casefold()),
        Filter.flag("mute", t("ohne E-Mail", "without mail"), lambda _: lambda row: row.email is None),
    ),
    order="name",
    empty=t("Alle Anbieter sind versorgt: nichts ist fällig.", "All providers are looked after: nothing is due."),
)  # fmt: skip


@router.get("/letters")
async def letters(page: TownPage) -> Response:
    """Letters that were sent, with their state."""
    page.require(MANAGE)
    statement = select(VerificationRequest, Organization.name.label("provider")).join(
        Organization,
        and_(
            Organization.tenant_id == VerificationRequest.tenant_id,
            Organization.id == VerificationRequest.organization_id,
        ),
    )
    async with page.read() as ctx:
        found = await page.list(ctx, LETTERS, statement)
        work = await latest_work(ctx, TASK, limit=1)
    return page.show("health_directory/letters.html", letters=found, work=work[0] if work else None)


@router.get("/letters/send")
async def choose(page: TownPage) -> Response:
    """Who would be asked now, and who cannot be reached by mail."""
    page.require(MANAGE)
    async with page.read() as ctx:
        due = await providers_to_ask(ctx, _ASKED["due"])
        found = await page.list(ctx, UNASKED, due)
    counts = {"stale": sum(bool(p.email) for p in due if p.stale), "due": sum(bool(p.email) for p in due)}
    settings = page.scope.settings(HealthSettings)
    return page.show("health_directory/letters_send.html", providers=found, counts=counts, settings=settings,
                     mute=sum(not p.email for p in due))  # fmt: skip


@router.post("/letters/send")
async def send(page: TownPage) -> Response:
    """Ask all of them; says first how many there are."""
    page.require(MANAGE)
    which = (page.values().get("which") or ["stale"])[0]
    lights = _ASKED.get(which, _ASKED["stale"])
    async with page.read() as ctx:
        count = sum(bool(provider.email) for provider in await providers_to_ask(ctx, lights))
    if not await page.confirmed():
        return page.ask(
            t("{count} Anbieter anschreiben?", "Write to {count} providers?").format(count=count),
            [
                t("Jeder bekommt eine Mail mit seinen Angaben und einem Link, der einmal gilt.",
                  "Each gets a mail with its entries and a link that works once."),
                t("Wer keine Mailadresse hat oder kürzlich gefragt wurde, bekommt keine.",
                  "Those without a mail address or asked lately get none."),
            ],
            submit=t("Verschicken", "Send"),
            back=page.url("letters/send"),
            danger=False,
        )  # fmt: skip
    language = (page.values().get("language") or [page.town.language])[0]
    sent = await page.act(lambda ctx: verification.ask_many(ctx, lights, language))
    said = t("{count} Mails sind unterwegs.", "{count} mails are on their way.").format(count=sent)
    return page.done(said, page.url("letters"))


@router.post("/letters/{id:uuid}/remind")
async def remind(page: TownPage, id: UUID) -> Response:
    """Send the link of an open letter again."""
    page.require(MANAGE)
    await page.act(lambda ctx: verification.remind_provider(ctx, id))
    return page.done(t("Die Erinnerung ist unterwegs.", "The reminder is on its way."), page.url("letters"))


@router.post("/letters/{id:uuid}/withdraw")
async def withdraw(page: TownPage, id: UUID) -> Response:
    """Make the link of an open letter worthless."""
    page.require(MANAGE)
    await page.act(lambda ctx: verification.withdraw_letter(ctx, id))
    return page.done(t("Der Link gilt nicht mehr.", "The link is not valid any more."), page.url("letters"))


@router.post("/providers/{id:uuid}/ask")
async def ask(page: TownPage, id: UUID) -> Response:
    """Ask one provider about all its entries."""
    page.require(MANAGE)
    language = (page.values().get("language") or [page.town.language])[0]

    async def work(ctx: Ctx) -> None:
        await verification.ask_provider(ctx, id, language)

    await page.act(work)
    return page.done(t("Die Mail ist unterwegs.", "The mail is on its way."), page.url("providers", id))
