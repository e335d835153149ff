"""What the town shares, with whom and why: for its admins and auditors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from regiohub.auth.permissions import TENANT_AUDIT, TENANT_SHARING
from regiohub.graphql.authoring.connection import Connection
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.filters import filters, where
from regiohub.graphql.authoring.lists import many
from regiohub.graphql.authoring.operations import mutation
from regiohub.graphql.authoring.types import bound, input_type
from regiohub.sharing import Consent, NewConsent, grant, revoke
from regiohub.tenancy.context import Ctx

from .inputs import given


def _seen(ctx: Any) -> Any:
    """Consents are for those who keep them and those who audit; nobody else sees a row."""
    allowed = ctx.can(TENANT_SHARING) or ctx.can(TENANT_AUDIT)
    return None if allowed else Consent.id.is_(None)


@bound(Consent, rows=_seen)
class ConsentType:
    """The town lets a reader read one dataset, for a purpose, on a legal basis, for a time."""

    id: UUID = column("Identifier.")
    dataset: str = column("Plugin and dataset: atlas.procedures.")
    reader: str = column("region, or the slug of another town.")
    purpose: str = column("What the reader may use it for.")
    legal_basis: str = column("What allows it.")
    valid_from: date = column("First day, in the town's time zone.")
    valid_until: date | None = column("Last day; null: until it is withdrawn.")
    granted_at: datetime = column("When it was granted.")
    revoked_at: datetime | None = column("When it was withdrawn; null while it is not.")


def _withdrawn(wanted: bool) -> Any:
    return Consent.revoked_at.is_not(None) if wanted else Consent.revoked_at.is_(None)


@filters(Consent)
class ConsentFilter:
    """Which consents are wanted."""

    dataset: str | None = where("Only of this dataset.", Consent.dataset)
    reader: str | None = where("Only for this reader.", Consent.reader)
    withdrawn: bool | None = where("Only withdrawn ones, or only those that are not.", _withdrawn)


@input_type
class ConsentInput:
    """A consent to grant."""

    dataset: str = column("Plugin and dataset: atlas.procedures.")
    reader: str = column("region, or the slug of another town.")
    purpose: str = column("What the reader may use it for.")
    legal_basis: str = column("What allows it.")
    valid_from: date = column("First day.")
    valid_until: date | None = column("Last day; leave out: until it is withdrawn.", default=None)


def consents() -> Connection[ConsentType]:
    """The field `consents`."""
    return many(
        "What the town shares; empty for callers who neither keep nor audit consents.",
        filter=ConsentFilter,
        order_by=(Consent.dataset, Consent.reader, Consent.id),
    )


@mutation("Shares a dataset with the region or another town.", permission=TENANT_SHARING, returns="consent")
async def grant_consent(ctx: Ctx, input: ConsentInput) -> ConsentType:
    return _row(await grant(ctx, NewConsent(**given(input))))


@mutation(
    "Withdraws a consent: its reader sees nothing of it from the next request on.",
    permission=TENANT_SHARING,
    returns="consent",
    args={"id": "The consent."},
)
async def withdraw_consent(ctx: Ctx, id: UUID) -> ConsentType:
    return _row(await revoke(ctx, id))


def _row(row: Any) -> Any:
    """Bound types hold rows of their model; the type checker cannot know that."""
    return row


MUTATIONS = (grant_consent, withdraw_consent)
