"""Letters to providers, and the answers by one-time link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.api import PUBLIC, Ctx, bound, column, filters, input_type, mutation, to_one, value, where
from regiohub_health_directory.models import HealthVerificationState, VerificationRequest
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import verification
from regiohub_health_directory.service.comparing import current_values
from regiohub_health_directory.service.freshness import HealthFreshness
from regiohub_health_directory.service.verification import EntryAnswer, HealthEntryVerdict
from regiohub_health_directory.service.verification.answers import Letter

from .inputs import HealthProposalInput, proposal
from .services import HealthOrganizationType


def manageable(ctx: Ctx) -> Any:
    """Letters are for staff only."""
    return None if ctx.can(MANAGE) else VerificationRequest.id.is_(None)


@bound(VerificationRequest, name="HealthVerification", rows=manageable)
class HealthVerificationNode:
    """A letter that asks a provider whether its entries are still right."""

    id: UUID = column("Identifier.")
    organization: HealthOrganizationType = to_one("Who was asked.", VerificationRequest.organization)
    email: str | None = column("Where the letter went; forgotten some time after it is closed.")
    language: str = column("Language of the letter: de or en.")
    state: HealthVerificationState = column("Where it stands.")
    created_at: datetime = column("When it was sent.")
    expires_at: datetime = column("Until when the link is valid.")
    reminded_at: datetime | None = column("When it was sent again.")
    answered_at: datetime | None = column("When it was answered.")
    confirmed: int = column("How many entries the answer confirmed.")
    corrected: int = column("How many entries the answer wants changed.")


@filters(VerificationRequest)
class HealthVerificationFilter:
    """Which letters."""

    state: HealthVerificationState | None = where("Where it stands.", VerificationRequest.state)


@value
class HealthEntryQuestionType:
    """An entry as it stands, for its provider to confirm or correct."""

    service_id: UUID = column("Identifier of the entry.")
    name: str = column("Name.")
    description: str | None = column("What is offered.")
    address: str | None = column("Where.")
    phone: str | None = column("Phone number.")
    url: str | None = column("Web page.")
    opening_hours: str | None = column("Opening hours as OSM text.")


@value
class HealthVerificationQuestionType:
    """What a one-time link asks."""

    provider: str = column("Who is asked.")
    expires_at: datetime = column("Until when the link is valid.")
    entries: list[HealthEntryQuestionType] = column("The entries.")


@value
class HealthVerificationReceiptType:
    """What came of an answer."""

    confirmed: int = column("How many entries count as checked today.")
    corrected: int = column("How many corrections wait for the town's staff.")


@input_type
class HealthEntryAnswerInput:
    """The answer to one entry."""

    service_id: UUID = column("The entry.")
    verdict: HealthEntryVerdict = column("Whether it is right.")
    changes: HealthProposalInput | None = column("What it should say instead.", default=None)
    message: str | None = column("In the provider's own words.", default=None)


def question_value(letter: Letter) -> HealthVerificationQuestionType:
    """The value of an open letter: nothing but what the public sees anyway."""
    names = ("description", "address", "phone", "url", "opening_hours")
    entries = [
        HealthEntryQuestionType(
            service_id=bundle.service.id,
            name=bundle.service.name,
            **{name: values[name] for name in names},
        )
        for bundle, values in ((bundle, current_values(bundle)) for bundle in letter.bundles)
    ]
    provider = letter.bundles[0].organization.name if letter.bundles else ""
    return HealthVerificationQuestionType(provider=provider, expires_at=letter.row.expires_at, entries=entries)


@mutation(
    "Asks all providers by mail whose entries show one of these lights, except those asked lately.",
    permission=MANAGE,
    returns="providers",
    args={"lights": "Traffic lights of the last check.", "language": "de or en; the town's own if left out."},
)
async def ask_health_providers(ctx: Ctx, lights: list[HealthFreshness], language: str | None = None) -> int:
    return await verification.ask_many(ctx, lights, language)


@mutation(
    "Asks one provider by mail about all its public entries.",
    permission=MANAGE,
    returns="verification",
    args={"organization_id": "The provider.", "language": "de or en; the town's own if left out."},
)
async def ask_health_provider(ctx: Ctx, organization_id: UUID, language: str | None = None) -> "HealthVerificationNode":
    return _row(await verification.ask_provider(ctx, organization_id, language))


@mutation("Sends the link of an open letter again.", permission=MANAGE, returns="verification")
async def remind_health_provider(ctx: Ctx, id: UUID) -> "HealthVerificationNode":
    return _row(await verification.remind_provider(ctx, id))


@mutation("Makes the link of an open letter worthless.", permission=MANAGE, returns="verification")
async def withdraw_health_verification(ctx: Ctx, id: UUID) -> "HealthVerificationNode":
    return _row(await verification.withdraw_letter(ctx, id))


@mutation(
    "Answers a one-time link: right entries count as checked, corrections wait for the town's staff.",
    permission=PUBLIC,
    returns="receipt",
    args={"secret": "The last part of the link.", "answers": "One answer for each entry that is to be answered."},
)
async def answer_health_verification(
    ctx: Ctx, secret: str, answers: list[HealthEntryAnswerInput]
) -> HealthVerificationReceiptType:
    given = {
        answer.service_id: EntryAnswer(
            answer.verdict, proposal(answer.changes or HealthProposalInput()), answer.message
        )
        for answer in answers
    }
    row = await verification.answer_letter(ctx, secret, given)
    return HealthVerificationReceiptType(confirmed=row.confirmed, corrected=row.corrected)


def _row(row: Any) -> Any:
    """Resolvers of bound types hand back rows of the model."""
    return row


MUTATIONS = (
    ask_health_providers,
    ask_health_provider,
    remind_health_provider,
    withdraw_health_verification,
    answer_health_verification,
)
