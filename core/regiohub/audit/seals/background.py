"""A check of a town's log beside everything else: begun by a person, followed on a page."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog

from regiohub.texts import Text, t
from regiohub.work import Work, WorkState, advance_work, begin_work, finish_work, latest_work

from .report import Report
from .service import seal_state, verify

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx, TenantScope

log = structlog.get_logger(__name__)

KIND: Final = "core.audit_check"
_TITLE: Final = t("Prüfung des Protokolls", "Check of the audit trail")
_STEP: Final = 20_000
"""Entries after which the progress is written down."""
_QUICK: Final = 2.0
"""Seconds that the person waits for the result itself."""
_STALE: Final = timedelta(minutes=5)
"""A check that has said nothing for so long has ended with its process."""


async def check_in_background(scope: TenantScope) -> Work:
    """Begin a check as the scope's caller; it has ended on return if the log is small.

    One that is running already is returned instead.

    :raises Forbidden: the caller may not read the log (or ``Unauthenticated``).
    """
    work, is_new = await scope.run(_begin)
    if is_new:
        running = scope.resources.get("core.audit_checks", _Running, _Running.close)
        task = running.start(_run(scope, work.id, work.total))
        await asyncio.wait([task], timeout=_QUICK)
    return work


async def last_check(ctx: Ctx) -> Work | None:
    """The newest check."""
    return next(iter(await latest_work(ctx, KIND, limit=1)), None)


class _Running:
    """Checks under way in this process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name="audit check")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _begin(ctx: Ctx) -> tuple[Work, bool]:
    state = await seal_state(ctx)
    running = await last_check(ctx)
    if running is not None and running.state is WorkState.RUNNING:
        if ctx.now() - running.updated_at < _STALE:
            return running, False
        await finish_work(ctx, running.id, t("Abgebrochen.", "Broken off."), failed=True)
    return await begin_work(ctx, KIND, _TITLE, total=max(1, state.entries)), True


async def _run(scope: TenantScope, id: UUID, total: int) -> None:
    told = 0

    def progress(done: int) -> None:
        nonlocal told
        if done - told >= _STEP:
            step, told = min(done, total) - told, done
            tasks.append(asyncio.create_task(_advance(scope, id, step)))

    tasks: list[asyncio.Task[None]] = []
    try:
        async with scope.read() as ctx:
            report = await verify(ctx, progress=progress)
        await asyncio.gather(*tasks)
        await scope.run(lambda ctx: _finish(ctx, id, report, max(0, total - told)))
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("audit_check_failed", tenant=scope.tenant.slug)
        words = t("Die Prüfung kam nicht zu Ende.", "The check did not come to its end.")
        await scope.run(lambda ctx: finish_work(ctx, id, words, failed=True))


async def _advance(scope: TenantScope, id: UUID, step: int) -> None:
    await scope.run(lambda ctx: advance_work(ctx, id, done=step))


async def _finish(ctx: Ctx, id: UUID, report: Report, rest: int) -> None:
    await advance_work(ctx, id, done=rest)
    await finish_work(ctx, id, words_of(report), failed=not report.ok)


def words_of(report: Report) -> Text:
    """The result in some sentences, with the first fault and its place."""
    fault = report.first_fault
    if fault is not None:
        more = report.fault_count - 1
        return Text(
            f"{fault.words.de} ({fault.where.de})" + (f" Dazu {more} weitere Fehler." if more else ""),
            f"{fault.words.en} ({fault.where.en})" + (f" And {more} more faults." if more else ""),
        )
    german = [f"Alles unverändert: {report.entries} Einträge und {report.seals} Siegel geprüft."]
    english = [f"Nothing was changed: {report.entries} entries and {report.seals} seals checked."]
    if report.unsealed:
        german.append(f"{report.unsealed} noch nicht versiegelt.")
        english.append(f"{report.unsealed} not sealed yet.")
    if report.late:
        german.append(f"{report.late} sind verspätet eingegangen, zuerst {report.first_late}.")
        english.append(f"{report.late} came in late, the first is {report.first_late}.")
    return Text(" ".join(german), " ".join(english))
