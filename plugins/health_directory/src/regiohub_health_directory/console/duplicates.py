"""Pairs of entries that may be one offer: side by side, merged or told apart."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, Text, latest_work, t
from regiohub.api.console import Column, Filter, Form, FormModel, Listing, TownPage, asked
from regiohub_health_directory.models import Duplicate, HealthDuplicateState, Service
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import answers, duplicates, merging
from regiohub_health_directory.service.bundles import Bundle, load_bundles
from regiohub_health_directory.service.comparing import address_line
from regiohub_health_directory.service.languages import language_name
from regiohub_health_directory.service.verification.letters import in_words

from . import words

router = APIRouter()
_FIRST, _SECOND = aliased(Service), aliased(Service)
TITLES: dict[str, Text] = {
    "name": t("Name", "Name"),
    "status": t("Stand", "Status"),
    "description": t("Beschreibung", "Description"),
    "summary_easy": t("In Leichter Sprache", "In plain language"),
    "opening_hours": t("Öffnungszeiten", "Opening hours"),
    "url": t("Webseite", "Web page"),
    "email": t("E-Mail", "Mail"),
    "alert": t("Hinweis", "Notice"),
    "application_process": t("So kommt man zu einem Platz", "How to get a place"),
    "fees_description": t("Kosten", "Costs"),
    "eligibility_description": t("Für wen", "For whom"),
    "appointment_url": t("Termine im Netz", "Appointments online"),
    "telehealth_url": t("Videosprechstunde", "Video call"),
}


async def waiting(ctx: Ctx) -> int:
    """How many pairs wait to be looked at."""
    candidates = Duplicate.state == HealthDuplicateState.CANDIDATE
    return await ctx.session.scalar(select(func.count()).select_from(Duplicate).where(candidates)) or 0


PAIRS = Listing(
    "duplicates",
    t("Mögliche Duplikate", "Possible duplicates"),
    columns=(
        Column("score", t("Ähnlichkeit", "Likeness"), lambda r: f"{r.Duplicate.score:.0%}", sort=Duplicate.score,
               link=lambda r: f"duplicates/{r.Duplicate.id}"),
        Column("first", t("Eintrag", "Entry"), lambda r: r.first, sort=_FIRST.sort_name),
        Column("second", t("Anderer Eintrag", "Other entry"), lambda r: r.second, sort=_SECOND.sort_name),
        Column("reasons", t("Gleich sind", "The same are"),
               lambda r: [words.REASONS[name] for name in r.Duplicate.reasons if name in words.REASONS]),
        Column("state", t("Stand", "State"), lambda r: words.PAIR[r.Duplicate.state]),
    ),
    filters=(
        Filter.choice("state", t("Stand", "State"), words.choices(words.PAIR),
                      lambda value: Duplicate.state == HealthDuplicateState(value)),
    ),
    order="-score",
    last=Duplicate.id,
    empty=t("Zurzeit gibt es keine Paare, die sich auffällig ähneln.", "At present no pairs are strikingly alike."),
)  # fmt: skip


class Merge(FormModel):
    """Which entry stays, and what it takes from the other."""

    keep: str = asked(t("Dieser Eintrag bleibt", "This entry stays"), kind="choice")
    take: list[str] = asked(
        t("Diese Angaben kommen vom anderen Eintrag", "These facts come from the other entry"), default=[],
        kind="several",
    )  # fmt: skip


@router.get("/duplicates")
async def pairs(page: TownPage) -> Response:
    """The pairs, likeliest first; told apart are shown on demand."""
    page.require(MANAGE)
    statement = (
        select(Duplicate, _FIRST.name.label("first"), _SECOND.name.label("second"))
        .join(_FIRST, and_(_FIRST.tenant_id == Duplicate.tenant_id, _FIRST.id == Duplicate.first_id))
        .join(_SECOND, and_(_SECOND.tenant_id == Duplicate.tenant_id, _SECOND.id == Duplicate.second_id))
    )
    if "duplicates.state" not in page.request.query_params:
        statement = statement.where(Duplicate.state == HealthDuplicateState.CANDIDATE)
    async with page.read() as ctx:
        found = await page.list(ctx, PAIRS, statement)
        work = await latest_work(ctx, duplicates.TASK, limit=1)
    return page.show("health_directory/duplicates.html", pairs=found, work=work[0] if work else None)


@router.post("/duplicates/search")
async def search(page: TownPage) -> Response:
    """Compare all entries now instead of tonight."""
    page.require(MANAGE)
    await page.act(duplicates.request_search)
    return page.done(t("Die Einträge werden verglichen.", "The entries are being compared."), page.url("duplicates"))


@router.get("/duplicates/{id:uuid}")
async def pair(page: TownPage, id: UUID) -> Response:
    """Both entries side by side."""
    page.require(MANAGE)
    async with page.read() as ctx:
        row, first, second = await _pair(ctx, id)
        # The entry that somebody confirmed last is the likelier one to stay.
        checked = [str(bundle.service.verified_on or "") for bundle in (first, second)]
        keep = first if checked[0] >= checked[1] else second
        return _show(page, ctx, row, (first, second), page.form(Merge, {"keep": str(keep.service.id)}))


@router.post("/duplicates/{id:uuid}/merge")
async def merge(page: TownPage, id: UUID) -> Response:
    """Make one entry of both."""
    page.require(MANAGE)
    async with page.read() as ctx:
        row, first, second = await _pair(ctx, id)
        form = await page.posted(Merge)
        both = {str(bundle.service.id): bundle for bundle in (first, second)}
        kept = both.get(form.value.keep) if form.value else None
        if kept is None:
            return _show(page, ctx, row, (first, second), form)
    gone = second if kept is first else first
    if not await page.confirmed():
        return page.ask(
            t("„{kept}“ behalten und mit „{gone}“ zusammenführen?", "Keep “{kept}” and merge “{gone}” into it?").format(
                kept=kept.service.name, gone=gone.service.name
            ),
            [
                t("Der andere Eintrag verschwindet aus der Öffentlichkeit und verweist auf diesen.",
                  "The other entry vanishes from the public and points to this one."),
                t("Telefonnummern, Orte, Sprachen, Kategorien und Preise werden zusammengelegt.",
                  "Phone numbers, places, languages, categories and prices are put together."),
                t("Offene Vorschläge zum anderen Eintrag gehören dann zu diesem.",
                  "Open suggestions about the other entry belong to this one from then on."),
            ],
            submit=t("Zusammenführen", "Merge"),
            back=page.url("duplicates", id),
        )  # fmt: skip

    async def work(ctx: Ctx, value: Merge) -> None:
        await merging.merge_services(ctx, kept.service.id, gone.service.id, value.take)

    if await page.submit(form, work):
        return page.done(t("Aus zwei Einträgen ist einer geworden.", "Two entries have become one."),
                         page.url("entries", kept.service.id))  # fmt: skip
    async with page.read() as ctx:
        return _show(page, ctx, row, (first, second), form)


@router.post("/duplicates/{id:uuid}/different")
async def different(page: TownPage, id: UUID) -> Response:
    """Remember that these are two offers."""
    page.require(MANAGE)
    await page.act(lambda ctx: duplicates.mark_different(ctx, id))
    said = t("Gemerkt: Das sind zwei Angebote.", "Noted: these are two offers.")
    return page.done(said, page.url("duplicates"))


@router.post("/duplicates/{id:uuid}/reconsider")
async def reconsider(page: TownPage, id: UUID) -> Response:
    """Look at the pair again."""
    page.require(MANAGE)
    await page.act(lambda ctx: duplicates.reconsider(ctx, id))
    return page.done(t("Das Paar wird wieder vorgeschlagen.", "The pair is proposed again."), page.url("duplicates"))


async def _pair(ctx: Ctx, id: UUID) -> tuple[Duplicate, Bundle, Bundle]:
    row = await duplicates.get_duplicate(ctx, id)
    bundles = await load_bundles(ctx.session, [row.first_id, row.second_id])
    if len(bundles) != 2:
        raise NotFound(field="id")
    return row, bundles[0], bundles[1]


def _show(page: TownPage, ctx: Ctx, row: Duplicate, both: tuple[Bundle, Bundle], form: Form[Merge]) -> Response:
    first, second = (_said(ctx, bundle) for bundle in both)
    rows = [(title, first[key], second[key], first[key] != second[key]) for key, title in _ROWS.items()]
    form.choices("keep", [(str(bundle.service.id), _option(number, bundle)) for number, bundle in enumerate(both)])
    differing = [name for name in merging.CHOICES if first[name] and second[name] and first[name] != second[name]]
    form.choices("take", [(name, TITLES[name]) for name in differing])
    return page.show(
        "health_directory/duplicate.html", pair=row, rows=[r for r in rows if r[1] or r[2]], both=both, form=form,
        reasons=[words.REASONS[name] for name in row.reasons if name in words.REASONS],
        is_candidate=row.state is HealthDuplicateState.CANDIDATE, score=f"{row.score:.0%}",
    )  # fmt: skip


def _option(number: int, bundle: Bundle) -> Text:
    place = next((address_line(location) for _, location in bundle.places), "")
    tail = f"{bundle.service.name}, {bundle.organization.name}{f', {place}' if place else ''}"
    return Text(f"{number + 1}: {tail}", f"{number + 1}: {tail}")


_ROWS: dict[str, Text] = TITLES | {
    "provider": t("Anbieter", "Provider"),
    "terms": t("Kategorien", "Categories"),
    "address": t("Anschrift", "Address"),
    "phones": t("Telefon", "Phone"),
    "hours_there": t("Öffnungszeiten am Ort", "Opening hours at the place"),
    "languages": t("Sprachen", "Languages"),
    "verified": t("Zuletzt geprüft", "Last checked"),
}


def _said(ctx: Ctx, bundle: Bundle) -> dict[str, Any]:
    service = bundle.service
    found: dict[str, Any] = {name: getattr(service, name) for name in merging.CHOICES}
    hours = [at.opening_hours for at, _ in bundle.places if at.opening_hours]
    return found | {
        "status": words.STATUS[service.status],
        "opening_hours": in_words(ctx, service.opening_hours, ctx.locale) if service.opening_hours else None,
        "provider": bundle.organization.name,
        "terms": words.terms(answers.codes([(code,) for code in bundle.codes])).get(ctx.locale),
        "address": "; ".join(filter(None, (address_line(location) for _, location in bundle.places))),
        "phones": ", ".join(phone.number for phone in bundle.phones),
        "hours_there": "; ".join(in_words(ctx, text, ctx.locale) for text in hours),
        "languages": ", ".join(language_name(code, ctx.locale) for code in bundle.languages),
        "verified": service.verified_on,
    }
