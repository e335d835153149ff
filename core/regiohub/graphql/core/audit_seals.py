"""The seals of the town's audit log: how far it is sealed, its signed head, and a check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from regiohub import audit
from regiohub.audit import Fault
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.scalars import JSON
from regiohub.graphql.authoring.types import value


@value
class AuditSeals:
    """How far the audit log is sealed, as the database says; a check proves it."""

    entries: int = column("Entries in the log.")
    sealed: int = column("Entries that are sealed: any later change of them shows.")
    unsealed: int = column("Entries that wait for their seal; the next round is within a minute.")
    last_seal: datetime | None = column("When the last seal was made; null while nothing is sealed.")
    oldest_unsealed: datetime | None = column("Time of the oldest entry that waits.")
    head: JSON | None = column(
        "The signed end of the chain. Kept elsewhere it proves later that nothing was cut off or replaced."
    )


@value
class AuditFault:
    """Something that is wrong with the log, and where."""

    kind: str = column("Kind of fault, as a stable word: entry_changed.")
    text: str = column("The fault, in the caller's language.")
    seal: int | None = column("Number of the seal.")
    position: int | None = column("Position in the chain, from 1.")
    entry: UUID | None = column("Identifier of the entry.")
    expected: str | None = column("What was sealed: a hash, or a number.")
    found: str | None = column("What was found instead.")


@value
class AuditCheck:
    """What came of a check of every entry and every seal."""

    ok: bool = column("Whether nothing is wrong.")
    entries: int = column("Entries that are there as they were sealed.")
    seals: int = column("Seals that were checked.")
    unsealed: int = column("Entries that are not sealed yet.")
    late: int = column("Entries that came in much later than their time says.")
    first_late: UUID | None = column("The first of them.")
    heads: int = column("Heads kept outside the database that were compared.")
    fault_count: int = column("How many faults there are.")
    faults: list[AuditFault] = column("The first of them.")


async def seals_of(ctx: Any) -> AuditSeals:
    """How far the town's log is sealed, with its head."""
    state, head = await audit.seal_state(ctx), await audit.head(ctx)
    return AuditSeals(  # pyright: ignore[reportCallIssue]
        entries=state.entries, sealed=state.sealed, unsealed=state.unsealed, last_seal=state.last_seal,
        oldest_unsealed=state.oldest_unsealed, head=cast("Any", head.document() if head else None),
    )  # fmt: skip


async def check_of(ctx: Any, head: Any) -> AuditCheck:
    """A check of the town's log."""
    report = await audit.verify(ctx, [audit.head_given(head)] if head is not None else [])
    return AuditCheck(  # pyright: ignore[reportCallIssue]
        ok=report.ok, entries=report.entries, seals=report.seals, unsealed=report.unsealed, late=report.late,
        first_late=report.first_late, heads=report.heads, fault_count=report.fault_count,
        faults=_faults(ctx, report.faults),
    )  # fmt: skip


def _faults(ctx: Any, faults: Sequence[Fault]) -> list[AuditFault]:
    return [
        AuditFault(  # pyright: ignore[reportCallIssue]
            kind=one.kind.value, text=one.words.get(ctx.locale), seal=one.seal, position=one.position,
            entry=one.entry, expected=one.expected, found=one.found,
        )
        for one in faults
    ]  # fmt: skip
