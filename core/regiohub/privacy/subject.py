"""One person's data in one town: handed out whole, or erased with a report. Each step is in the audit log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from regiohub.auth.identity import issuers_of
from regiohub.auth.permissions import TENANT_PRIVACY
from regiohub.plugins.subjects import Subject
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text

from .gathering import Holder, called, gaps, holders_of, parts_of
from .ledger import AGAIN, ERASED, Erasure, note_erasure, returned
from .mentions import mentions
from .named import mark_of
from .reports import ErasureReport, Outcome, Part, SubjectExport
from .shares import REMARKS, CoreShare


@dataclass(frozen=True, slots=True)
class _Held:
    """What was found, and where."""

    holders: Sequence[Holder]
    parts: Sequence[Part]
    core: CoreShare
    also_named: Sequence[str]
    remarks: Sequence[Text]


async def export_subject(ctx: Ctx, subject: Subject) -> SubjectExport:
    """All that is held on a person in this town, by all plugins that are or were on here, and by the platform.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises Unavailable: a plugin cannot answer.
    """
    ctx.require(TENANT_PRIVACY)
    held = await _held_and_mentioned(ctx, subject)
    found = _export(ctx, subject, held)
    await _audit(ctx, "tenant.subject_exported", subject, {"records": found.count, "plugins": _plugins(found.parts)})
    return found


async def own_data(ctx: Ctx) -> SubjectExport:
    """The same for the caller himself, by his account alone: an address in a token proves nobody's identity.

    :raises Unauthenticated: nobody is signed in. :raises Unavailable: a plugin cannot answer.
    """
    person = ctx.require_person()
    subject, issuers = Subject(person.subject), {person.issuer} if person.issuer else set[str]()
    return _export(ctx, subject, await _held(ctx, subject, issuers, everywhere=True))


async def look_up(ctx: Ctx, subject: Subject) -> ErasureReport:
    """What erasing would do, without doing it.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises Unavailable: a plugin cannot answer.
    """
    ctx.require(TENANT_PRIVACY)
    held = await _held_and_mentioned(ctx, subject)
    outcomes = _found(held.parts)
    for holder in held.holders:
        for one in holder.tables:
            _foretell(outcomes, holder, one.entry.table, held.parts)
    consequences: list[Text] = []
    for holder in held.holders:
        if holder.own.consequences is not None:
            consequences += await called(holder.plugin, holder.own.consequences(ctx, subject))
    report = _report(ctx, subject, held, [*outcomes.values(), *held.core.outcomes()], preview=True)
    report = replace(report, consequences=consequences)
    await _audit(ctx, "tenant.subject_looked_up", subject, {"records": report.found})
    return report


async def erase_subject(ctx: Ctx, subject: Subject) -> ErasureReport:
    """Erase a person in this town, as the plugins declare it; everything or, after any fault, nothing.

    Nobody is found who was not named: other addresses in the person's rows stand in the report, and may be others' too.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises Unavailable: a plugin cannot answer.
    :raises DomainError: a plugin refuses, and says what has to happen first.
    """
    ctx.require(TENANT_PRIVACY)
    issuers, everywhere = _issuers(ctx), ctx.principal.is_system
    held = await _held(ctx, subject, issuers, everywhere=everywhere)
    outcomes = _found(held.parts)
    for holder in held.holders:
        await _erase_in(ctx, holder, subject, outcomes)
    await ctx.session.flush()
    ctx.after_commit(ctx.platform.database.empty_log)
    # Once more: what the plugins have just told others in events may name the person.
    core = await CoreShare.of(ctx, subject, issuers, everywhere=everywhere)
    await core.erase(ctx, subject)
    held = replace(held, remarks=[*held.remarks, *await mentions(ctx, subject)])
    report = _report(ctx, subject, held, [*outcomes.values(), *core.outcomes()], preview=False)
    counts = {"deleted": 0, "cleared": 0, "kept": 0}
    for outcome in report.outcomes:
        for name in counts:
            counts[name] += getattr(outcome, name)
    await _audit(ctx, ERASED, subject, {**counts, "plugins": _plugins(held.parts)})
    note_erasure(ctx, subject)
    return report


async def erase_returned(ctx: Ctx, erasures: Sequence[Erasure]) -> list[ErasureReport]:
    """Erase those again whom a restored backup has brought back; see `ledger`. Repeatable.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises DomainError: as for `erase_subject`.
    """
    ctx.require(TENANT_PRIVACY)
    reports: list[ErasureReport] = []
    for erasure, subject in await returned(ctx, erasures):
        reports.append(await erase_subject(ctx, subject))
        # Perhaps not all names of the person are in this database: the mark of all of them says that it is done.
        await ctx.audit(AGAIN, kind="person", id=erasure.person)
    return reports


def _issuers(ctx: Ctx) -> Collection[str]:
    return issuers_of(ctx.platform.settings, ctx.tenant.slug)


async def _held(ctx: Ctx, subject: Subject, issuers: Collection[str], *, everywhere: bool) -> _Held:
    holders = holders_of(ctx)
    parts: list[Part] = []
    named: list[str] = []
    for holder in holders:
        found, also = await parts_of(ctx, holder, subject)
        parts += found
        named += also
    core = await CoreShare.of(ctx, subject, issuers, everywhere=everywhere)
    asked = {subject.id, *subject.emails}
    others = sorted({name for name in named if name not in asked and name.strip().lower() not in asked})
    remarks = [*await gaps(ctx, holders), *REMARKS]
    return _Held(holders, parts, core, others, remarks)


async def _held_and_mentioned(ctx: Ctx, subject: Subject) -> _Held:
    """What is held, with remarks on where else the person's addresses stand."""
    held = await _held(ctx, subject, _issuers(ctx), everywhere=ctx.principal.is_system)
    found = await mentions(ctx, subject, [*held.parts, *held.core.parts()])
    return replace(held, remarks=[*held.remarks, *found])


async def _erase_in(ctx: Ctx, holder: Holder, subject: Subject, outcomes: dict[tuple[str, str], Outcome]) -> None:
    if holder.own.erase is not None:
        for done in await called(holder.plugin, holder.own.erase(ctx, subject)):
            category = holder.category(done.category)
            outcome = _outcome(outcomes, holder, category.id, category.title)
            outcome.deleted += done.deleted
            outcome.cleared += done.cleared
            outcome.kept += done.kept
            if done.note is not None:
                outcome.notes.append(done.note)
        await ctx.session.flush()
    for one in holder.tables:
        deleted, cleared, kept = await holder.tables.erase(ctx.session, one, subject, ctx.now())
        if deleted or cleared or kept:
            outcome = _outcome(outcomes, holder, one.category.id, one.category.title)
            outcome.deleted += deleted
            outcome.cleared += cleared
            outcome.kept += kept
            if kept and one.entry.keep is not None:
                outcome.notes.append(one.entry.keep)


def _found(parts: Sequence[Part]) -> dict[tuple[str, str], Outcome]:
    outcomes: dict[tuple[str, str], Outcome] = {}
    for part in parts:
        key = (part.plugin, part.category)
        known = outcomes.setdefault(key, Outcome(part.plugin, part.plugin_title, part.category, part.title))
        known.found += len(part.records)
    return outcomes


def _outcome(outcomes: dict[tuple[str, str], Outcome], holder: Holder, category: str, title: Text) -> Outcome:
    plugin = holder.plugin
    return outcomes.setdefault((plugin.id, category), Outcome(plugin.id, plugin.title, category, title))


def _foretell(outcomes: dict[tuple[str, str], Outcome], holder: Holder, table: str, parts: Sequence[Part]) -> None:
    """Count what erasing the found rows of a table would do."""
    for part in parts:
        if part.plugin != holder.plugin.id or part.source != table:
            continue
        entry = next(one.entry for one in holder.tables if one.entry.table == table)
        outcome, number = outcomes[part.plugin, part.category], len(part.records)
        if entry.keep is not None:
            outcome.kept += number
            outcome.notes.append(entry.keep)
        elif entry.emptied:
            outcome.cleared += number
        else:
            outcome.deleted += number


def _export(ctx: Ctx, subject: Subject, held: _Held) -> SubjectExport:
    parts = [*held.parts, *(part for part in held.core.parts() if part.records)]
    return SubjectExport(ctx.tenant, subject, ctx.now(), parts, held.also_named, held.remarks)


def _report(ctx: Ctx, subject: Subject, held: _Held, outcomes: Iterable[Outcome], *, preview: bool) -> ErasureReport:
    told = [one for one in outcomes if one.found or one.deleted or one.cleared or one.kept or one.notes]
    return ErasureReport(
        ctx.tenant, subject, ctx.now(), preview, told, also_named=held.also_named, remarks=held.remarks
    )


def _plugins(parts: Sequence[Part]) -> str:
    return ", ".join(dict.fromkeys(part.plugin for part in parts))


async def _audit(ctx: Ctx, action: str, subject: Subject, after: dict[str, object]) -> None:
    await ctx.audit(action, kind="person", id=mark_of(ctx.platform.settings.key, subject), after=after)
