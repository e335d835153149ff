"""What providers answer by their one-time link: the link is the only right they need, and it holds once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update

from regiohub.api import Ctx, InvalidInput, t
from regiohub_health_directory.errors import LinkClosed, LinkNotValid
from regiohub_health_directory.events import HealthServiceVerified
from regiohub_health_directory.models import (
    PUBLIC_STATUSES,
    HealthVerificationState,
    Service,
    VerificationRequest,
)
from regiohub_health_directory.service.bundles import Bundle, load_bundles
from regiohub_health_directory.service.comparing import current_values
from regiohub_health_directory.service.freshness import today
from regiohub_health_directory.service.suggestions import Proposal, correct_by_provider

from .links import PURPOSE, is_genuine, letter_of

_GONE = t("Dieses Angebot gibt es nicht mehr.", "This offer does not exist any more.")
_CLOSED = {
    HealthVerificationState.ANSWERED: t("Dieser Link wurde schon benutzt.", "This link has been used already."),
    HealthVerificationState.WITHDRAWN: t("Dieser Link gilt nicht mehr.", "This link is not valid any more."),
    HealthVerificationState.EXPIRED: t("Dieser Link ist abgelaufen.", "This link has expired."),
}


class HealthEntryVerdict(StrEnum):
    """What a provider says about an entry."""

    RIGHT = "right"
    WRONG = "wrong"
    GONE = "gone"


@dataclass
class EntryAnswer:
    """The answer to one entry; `proposal` and `message` count for `WRONG` only, `message` for `GONE` too."""

    verdict: HealthEntryVerdict
    proposal: Proposal = field(default_factory=Proposal)
    message: str | None = None


@dataclass(frozen=True)
class Letter:
    """An open letter with the entries that the public sees now; merged or hidden ones are left out."""

    row: VerificationRequest
    bundles: tuple[Bundle, ...]


async def open_letter(ctx: Ctx, secret: str) -> Letter:
    """The letter behind a link. Reading it does not use it up: mail programs fetch links before people do.

    Raises `LinkNotValid` for a secret this town never gave out and `LinkClosed` for one used, expired or withdrawn.
    """
    identifier = letter_of(secret)
    row = await ctx.session.find(VerificationRequest, identifier) if identifier else None
    if row is None or not is_genuine(ctx.derive_key(PURPOSE), secret, row.id, row.expires_at):
        raise LinkNotValid(t("Diesen Link gibt es nicht.", "There is no such link."))
    state = row.state
    if state is HealthVerificationState.OPEN and row.expires_at <= ctx.now():
        state = HealthVerificationState.EXPIRED
    if state is not HealthVerificationState.OPEN:
        raise LinkClosed(_CLOSED[state])
    bundles = await load_bundles(ctx.session, [UUID(text) for text in row.service_ids])
    # An entry may have gone to another provider since; this one has no business with it any more.
    own = [b for b in bundles if b.service.organization_id == row.organization_id]
    return Letter(row, tuple(b for b in own if b.service.status in PUBLIC_STATUSES))


async def answer_letter(ctx: Ctx, secret: str, answers: Mapping[UUID, EntryAnswer]) -> VerificationRequest:
    """Take an answer and close the letter: right entries count as verified today, the others become suggestions.

    All of it or nothing: an answer that is refused (`InvalidInput`) leaves the link usable. Of two answers at the same
    moment one is refused with `LinkClosed`.
    """
    letter = await open_letter(ctx, secret)
    asked = {bundle.service.id: bundle for bundle in letter.bundles}
    if not answers or not answers.keys() <= asked.keys():
        message = t("Bitte zu mindestens einem Eintrag antworten.", "Please answer for at least one entry.")
        raise InvalidInput(message, field="answers")
    await _use_up(ctx, letter.row)
    for identifier, answer in answers.items():
        if answer.verdict is HealthEntryVerdict.RIGHT:
            await _confirm(ctx, asked[identifier].service)
        else:
            try:
                await _correct(ctx, asked[identifier], answer, letter.row.email)
            except InvalidInput as error:
                # Several entries have the same fields: say which one it is.
                where = f"answers.{identifier}" + (f".{error.field}" if error.field else "")
                raise InvalidInput(error.message, field=where) from error
    confirmed = sum(answer.verdict is HealthEntryVerdict.RIGHT for answer in answers.values())
    letter.row.confirmed, letter.row.corrected = confirmed, len(answers) - confirmed
    await ctx.audit(
        "health_directory.provider_answered",
        kind="verification",
        id=str(letter.row.id),
        after={"confirmed": confirmed, "corrected": len(answers) - confirmed},
    )
    return letter.row


async def _use_up(ctx: Ctx, row: VerificationRequest) -> None:
    used = await ctx.session.execute(
        update(VerificationRequest)
        .where(VerificationRequest.id == row.id, VerificationRequest.state == HealthVerificationState.OPEN)
        .values(state=HealthVerificationState.ANSWERED, answered_at=ctx.now())
        .returning(VerificationRequest.id)
    )
    if used.first() is None:
        raise LinkClosed(_CLOSED[HealthVerificationState.ANSWERED])


async def _confirm(ctx: Ctx, service: Service) -> None:
    before, checked_on = service.verified_on, today(ctx)
    # As in `verify_service`: a check is no edit and must not move the time of change.
    await ctx.session.execute(update(Service).where(Service.id == service.id).values(verified_on=checked_on))
    await ctx.audit(
        "health_directory.verify",
        kind="service",
        id=str(service.id),
        before={"verified_on": before.isoformat() if before else None},
        after={"verified_on": checked_on.isoformat(), "by": "provider"},
    )
    await ctx.emit(HealthServiceVerified(service_id=service.id))


async def _correct(ctx: Ctx, bundle: Bundle, answer: EntryAnswer, email: str | None) -> None:
    if answer.verdict is HealthEntryVerdict.GONE:
        message = "\n".join(filter(None, (_GONE.get(ctx.locale), answer.message)))
        await correct_by_provider(ctx, bundle.service.id, Proposal(), message, email)
        return
    present = current_values(bundle)
    changed = {
        name: value
        for name, value in asdict(answer.proposal).items()
        if value and value.strip() and value.strip() != (present[name] or "").strip()
    }
    if not changed and not (answer.message or "").strip():
        message = t("Bitte bei „{name}“ sagen, was nicht stimmt.", "Please say what is wrong with “{name}”.").format(
            name=bundle.service.name
        )
        raise InvalidInput(message, field="message")
    await correct_by_provider(ctx, bundle.service.id, Proposal(**changed), answer.message, email)
