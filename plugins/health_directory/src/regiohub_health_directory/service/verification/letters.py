"""Writing to providers: one, or all whose entries nobody has confirmed for long."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from regiohub.api import (
    Ctx,
    InvalidInput,
    Language,
    Mail,
    NotFound,
    advance_work,
    begin_work,
    finish_work,
    t,
    uuid7,
)
from regiohub_health_directory.errors import LinkClosed, NoMailAddress
from regiohub_health_directory.models import HealthVerificationState, VerificationRequest
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service.answering import mail_address
from regiohub_health_directory.service.bundles import Bundle, load_bundles
from regiohub_health_directory.service.comparing import current_values
from regiohub_health_directory.service.freshness import HealthFreshness, today
from regiohub_health_directory.service.hours import HoursSyntaxError, describe_hours
from regiohub_health_directory.settings import HealthSettings

from .choosing import Provider, provider, providers_to_ask
from .links import PURPOSE, sign

TASK = "health_directory.ask_providers"
CHUNK = 20
TEMPLATES = {False: "health_directory/verification", True: "health_directory/verification_reminder"}


async def ask_provider(ctx: Ctx, organization_id: UUID, language: str | None = None) -> VerificationRequest:
    """Write to one provider about all its public entries; an earlier letter that is still open is withdrawn.

    Raises `NotFound` for a provider without public entries and `NoMailAddress`. Needs the permission to manage.
    """
    ctx.require(MANAGE)
    found = await provider(ctx, organization_id)
    if found is None:
        raise NotFound(field="organizationId")
    return await _send(ctx, found, _language(ctx, language))


async def ask_many(ctx: Ctx, lights: Sequence[HealthFreshness], language: str | None = None) -> int:
    """Write to all providers with entries of these lights, in chunks of their own transactions. Returns how many.

    Providers without an address and those written to lately are left out. Needs the permission to manage.
    """
    ctx.require(MANAGE)
    if not lights:
        message = t("Bitte mindestens eine Ampelfarbe wählen.", "Please choose at least one light.")
        raise InvalidInput(message, field="lights")
    return await enqueue_letters(ctx, lights, _language(ctx, language))


async def enqueue_letters(ctx: Ctx, lights: Sequence[HealthFreshness], language: Language) -> int:
    """The same without asking who calls, for the nightly job."""
    ids = [str(found.id) for found in await providers_to_ask(ctx, lights) if found.email]
    shown = [str(light) for light in lights]
    work = await begin_work(ctx, TASK, t("Prüfmails verschicken", "Sending verification mails"), total=len(ids))
    if ids:
        await ctx.enqueue(TASK, {"ids": ids, "lights": shown, "language": language, "work": str(work.id)})
    await ctx.audit(
        "health_directory.ask_providers",
        kind="verification",
        id=str(work.id),
        after={"providers": len(ids), "lights": ", ".join(shown)},
    )
    return len(ids)


async def send_chunk(ctx: Ctx, payload: dict[str, Any]) -> None:
    """Write to the first providers of a list and leave the rest to the next task: each chunk commits by itself.

    Only those who are still to be asked get a letter, so that a repeated run writes to nobody twice.
    """
    chunk, rest, work = payload["ids"][:CHUNK], payload["ids"][CHUNK:], UUID(payload["work"])
    wanted = {UUID(text) for text in chunk}
    lights = [HealthFreshness(name) for name in payload["lights"]]
    failed = 0
    for found in await providers_to_ask(ctx, lights):
        if found.id not in wanted:
            continue
        try:
            await _send(ctx, found, _language(ctx, payload["language"]))
        except NoMailAddress:
            failed += 1
    await advance_work(ctx, work, done=len(chunk) - failed, failed=failed)
    if rest:
        await ctx.enqueue(TASK, {**payload, "ids": rest})
    else:
        await finish_work(ctx, work)


async def remind_provider(ctx: Ctx, letter_id: UUID) -> VerificationRequest:
    """Send the link of an open letter again. Raises `NotFound` and `LinkClosed`; needs the permission to manage."""
    ctx.require(MANAGE)
    letter = await open_row(ctx, letter_id)
    await send_reminder(ctx, letter)
    return letter


async def withdraw_letter(ctx: Ctx, letter_id: UUID) -> VerificationRequest:
    """Make the link of an open letter worthless. Raises `NotFound` and `LinkClosed`; needs the permission to manage."""
    ctx.require(MANAGE)
    letter = await open_row(ctx, letter_id)
    letter.state = HealthVerificationState.WITHDRAWN
    await ctx.audit("health_directory.withdraw_letter", kind="verification", id=str(letter.id))
    return letter


async def open_row(ctx: Ctx, letter_id: UUID) -> VerificationRequest:
    """A letter that can still be answered."""
    letter = await ctx.session.find(VerificationRequest, letter_id)
    if letter is None:
        raise NotFound(field="id")
    if letter.state is not HealthVerificationState.OPEN or letter.expires_at <= ctx.now():
        message = t("Diese Anfrage ist schon abgeschlossen.", "This request is closed already.")
        raise LinkClosed(message, field="id")
    return letter


async def send_reminder(ctx: Ctx, letter: VerificationRequest) -> None:
    """Send the same link again; without an address nothing happens."""
    if letter.email is None:
        return
    letter.reminded_at = ctx.now()
    bundles = await load_bundles(ctx.session, [UUID(text) for text in letter.service_ids])
    await _mail(ctx, letter, bundles, reminder=True)
    await ctx.audit("health_directory.remind_provider", kind="verification", id=str(letter.id))


async def _send(ctx: Ctx, found: Provider, language: Language) -> VerificationRequest:
    if mail_address(found.email) is None:
        message = t(
            "Für diesen Anbieter ist keine Mailadresse eingetragen.", "No mail address is known for this provider."
        )
        raise NoMailAddress(message, field="organizationId")
    await ctx.session.execute(
        update(VerificationRequest)
        .where(
            VerificationRequest.organization_id == found.id,
            VerificationRequest.state == HealthVerificationState.OPEN,
        )
        .values(state=HealthVerificationState.WITHDRAWN)
    )
    days = ctx.settings(HealthSettings).verification_link_days
    letter = VerificationRequest(
        id=uuid7(),
        organization_id=found.id,
        email=found.email,
        language=language,
        state=HealthVerificationState.OPEN,
        service_ids=[str(identifier) for identifier in found.service_ids],
        # Whole seconds: what is signed must read the same from either database.
        expires_at=ctx.now().replace(microsecond=0) + timedelta(days=days),
        reminded_at=None,
        answered_at=None,
        confirmed=0,
        corrected=0,
    )
    ctx.session.add(letter)
    await ctx.session.flush()
    await _mail(ctx, letter, await load_bundles(ctx.session, found.service_ids), reminder=False)
    await ctx.audit(
        "health_directory.ask_provider",
        kind="verification",
        id=str(letter.id),
        after={"organization": str(found.id), "entries": len(found.service_ids)},
    )
    return letter


async def _mail(ctx: Ctx, letter: VerificationRequest, bundles: Sequence[Bundle], *, reminder: bool) -> None:
    language = _language(ctx, letter.language)
    data = {
        "provider": bundles[0].organization.name if bundles else "",
        "entries": [_quoted(ctx, bundle, language) for bundle in bundles],
        "secret": sign(ctx.derive_key(PURPOSE), letter.id, letter.expires_at),
        "expires_at": letter.expires_at,
    }
    await ctx.mail(Mail(to=str(letter.email), template=TEMPLATES[reminder], data=data, locale=language))


def _quoted(ctx: Ctx, bundle: Bundle, language: Language) -> dict[str, str]:
    """What the directory says now, as far as a reader needs it to see a mistake."""
    values = current_values(bundle)
    hours = values["opening_hours"]
    return {
        "name": bundle.service.name,
        "address": values["address"] or "",
        "phone": values["phone"] or "",
        "hours": in_words(ctx, hours, language) if hours else "",
    }


def in_words(ctx: Ctx, text: str, language: Language) -> str:
    """Opening hours for people; the text itself where it cannot be read."""
    try:
        return describe_hours(text, language, today(ctx))
    except HoursSyntaxError:
        return text


def _language(ctx: Ctx, asked: str | None) -> Language:
    return "en" if (asked or ctx.tenant.language) == "en" else "de"
