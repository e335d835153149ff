"""The queue of suggestions: seen beside the entry, taken over field by field, or refused with a reason."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, func, select
from starlette.responses import Response

from regiohub.api import Ctx, Text, t
from regiohub.api.console import Column, Filter, Form, FormModel, Listing, TownPage, asked
from regiohub_health_directory.models import (
    HealthSuggestionKind,
    HealthSuggestionOrigin,
    HealthSuggestionState,
    Service,
    Suggestion,
)
from regiohub_health_directory.permissions import REVIEW
from regiohub_health_directory.service import suggestions
from regiohub_health_directory.service.answering import mail_address
from regiohub_health_directory.service.comparing import TITLES, Review, review_of
from regiohub_health_directory.service.verification.letters import in_words

from . import words
from .entry_form import canonical_hours

router = APIRouter()


async def waiting(ctx: Ctx) -> int:
    """How many suggestions wait for a decision."""
    open_ones = select(func.count()).select_from(Suggestion).where(Suggestion.state == HealthSuggestionState.OPEN)
    return await ctx.session.scalar(open_ones) or 0


def _concerns(row: Any) -> list[Text]:
    return [title for name, title in TITLES.items() if name in row.Suggestion.proposal]


def _title(row: Any) -> str:
    return row.name or str(row.Suggestion.proposal.get("name", ""))


QUEUE = Listing(
    "review",
    t("Vorschläge", "Suggestions"),
    columns=(
        Column("created", t("Eingegangen", "Received"), lambda r: r.Suggestion.created_at, sort=Suggestion.created_at,
               link=lambda r: f"review/{r.Suggestion.id}"),
        Column("about", t("Eintrag", "Entry"), _title),
        Column("kind", t("Art", "Kind"), lambda r: words.KIND[r.Suggestion.kind], sort=Suggestion.kind),
        Column("origin", t("Woher", "From"), lambda r: words.ORIGIN[r.Suggestion.origin], sort=Suggestion.origin),
        Column("fields", t("Betrifft", "Concerns"), _concerns),
        Column("state", t("Stand", "State"), lambda r: words.decision(r.Suggestion.state), sort=Suggestion.state),
        Column("decided", t("Entschieden", "Decided"), lambda r: r.Suggestion.decided_at, export_only=True),
        Column("note", t("Begründung", "Reason"), lambda r: r.Suggestion.decision_note, export_only=True),
    ),
    filters=(
        Filter.choice("state", t("Stand", "State"), (*words.choices(words.DECISION), ("all", t("alle", "all"))),
                      lambda value: _of_state(value)),
        Filter.choice("kind", t("Art", "Kind"), words.choices(words.KIND),
                      lambda value: Suggestion.kind == HealthSuggestionKind(value)),
        Filter.choice("origin", t("Woher", "From"), words.choices(words.ORIGIN),
                      lambda value: Suggestion.origin == HealthSuggestionOrigin(value)),
    ),
    order="-created",
    last=Suggestion.id,
    empty=t("Zurzeit wartet kein Vorschlag.", "No suggestion is waiting at present."),
)  # fmt: skip


def _of_state(value: str) -> Any:
    return Suggestion.id.is_not(None) if value == "all" else Suggestion.state == HealthSuggestionState(value)


class Decision(FormModel):
    """What is taken over, as proposed or edited."""

    take: list[str] = asked(t("Übernehmen", "Take over"), default=[], kind="several")
    name: str | None = asked(TITLES["name"], default=None)
    provider: str | None = asked(TITLES["provider"], default=None)
    description: str | None = asked(TITLES["description"], default=None, kind="textarea")
    address: str | None = asked(TITLES["address"], default=None)
    phone: str | None = asked(TITLES["phone"], default=None)
    url: str | None = asked(TITLES["url"], default=None)
    opening_hours: str | None = asked(TITLES["opening_hours"], default=None)
    category: str | None = asked(
        t("Kategorie des neuen Eintrags", "Category of the new entry"), default=None, kind="choice",
        choices=words.term_choices(),
    )  # fmt: skip
    note: str | None = asked(t("Anmerkung oder Begründung", "Remark or reason"), default=None, kind="textarea", rows=3)
    notify: bool = asked(t("Der Absenderin oder dem Absender mailen", "Tell the sender by mail"), default=False)


@router.get("/review")
async def queue(page: TownPage) -> Response:
    """The queue; what is still open comes first."""
    page.require(REVIEW)
    statement = select(Suggestion, Service.name.label("name")).outerjoin(
        Service, and_(Service.tenant_id == Suggestion.tenant_id, Service.id == Suggestion.service_id)
    )
    async with page.read() as ctx:
        if "review.state" not in page.request.query_params:
            statement = statement.where(Suggestion.state == HealthSuggestionState.OPEN)
        found = await page.list(ctx, QUEUE, statement)
        open_ones = await waiting(ctx)
    return page.show("health_directory/review.html", suggestions=found, open_ones=open_ones)


@router.get("/review/{id:uuid}")
async def suggestion(page: TownPage, id: UUID) -> Response:
    """A suggestion beside the entry, with everything that differs chosen."""
    page.require(REVIEW)
    async with page.read() as ctx:
        review = await review_of(ctx, id)
        chosen = [change.field for change in review.fields if not change.same and change.obstacle is None]
        initial = {change.field: change.proposed for change in review.fields}
        can_mail = mail_address(review.suggestion.contact) is not None
        form = page.form(Decision, initial | {"take": chosen, "notify": can_mail})
        return _show(page, ctx, review, form)


@router.post("/review/{id:uuid}/accept")
async def accept(page: TownPage, id: UUID) -> Response:
    """Take over the chosen fields."""
    page.require(REVIEW)
    form = await page.posted(Decision)

    async def work(ctx: Ctx, value: Decision) -> None:
        chosen = {name: getattr(value, name) or "" for name in TITLES if name in value.take}
        if chosen.get("opening_hours"):
            chosen["opening_hours"] = canonical_hours(chosen["opening_hours"], "openingHours") or ""
        categories = [value.category] if value.category else []
        await suggestions.apply_suggestion(ctx, id, chosen, categories=categories, note=value.note, notify=value.notify)

    if await page.submit(form, work):
        return page.done(t("Der Vorschlag ist übernommen.", "The suggestion is taken over."), page.url("review"))
    return await _again(page, id, form)


@router.post("/review/{id:uuid}/reject")
async def reject(page: TownPage, id: UUID) -> Response:
    """Refuse, with a reason."""
    page.require(REVIEW)
    form = await page.posted(Decision)

    async def work(ctx: Ctx, value: Decision) -> None:
        await suggestions.reject_suggestion(ctx, id, value.note, notify=value.notify)

    if await page.submit(form, work):
        return page.done(t("Der Vorschlag ist abgelehnt.", "The suggestion is refused."), page.url("review"))
    return await _again(page, id, form)


async def _again(page: TownPage, id: UUID, form: Form[Decision]) -> Response:
    async with page.read() as ctx:
        return _show(page, ctx, await review_of(ctx, id), form)


def _show(page: TownPage, ctx: Ctx, review: Review, form: Form[Decision]) -> Response:
    row = review.suggestion
    hours = row.proposal.get("opening_hours")
    form.category.required = review.bundle is None
    rows = [
        (
            change,
            TITLES[change.field],
            in_words(ctx, change.current, ctx.locale)
            if change.field == "opening_hours" and change.current
            else change.current,
        )
        for change in review.fields
    ]
    return page.show(
        "health_directory/suggestion.html", suggestion=row, rows=rows, form=form, entry=review.bundle,
        is_open=row.state is HealthSuggestionState.OPEN, state=words.decision(row.state), kind=words.KIND[row.kind],
        origin=words.ORIGIN[row.origin], can_mail=mail_address(row.contact) is not None,
        proposed_hours=in_words(ctx, hours, ctx.locale) if hours else "",
        taken=[TITLES[name] for name in row.accepted_fields or () if name in TITLES],
    )  # fmt: skip
