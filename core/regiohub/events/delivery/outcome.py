"""How an attempt at an outbox entry ended, and what that makes of the entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.events.backoff import OUTBOX
from regiohub.events.faults import GiveUp, describe
from regiohub.events.models import EntryKind, EntryState, OutboxEntry

MOST_ATTEMPTS = 14
"""With the pauses of ``backoff.OUTBOX`` the last attempt comes about three hours after the first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """New values for an entry; None leaves the entry as its claim left it."""

    entry_id: UUID
    attempts: int
    """Attempts at the time of the claim: a later claim by another worker makes this outcome void."""
    values: dict[str, Any]


def done(entry: OutboxEntry, now: datetime) -> Outcome:
    """It worked. The content of a mail is forgotten: it has reached its reader."""
    values: dict[str, Any] = {"state": EntryState.DONE, "finished_at": now, "error": None}
    if entry.kind is EntryKind.MAIL:
        values["payload"] = {}
    return Outcome(entry.id, entry.attempts, values)


def waiting(entry: OutboxEntry, reason: str) -> Outcome:
    """Its plugin is off or missing: no attempt was made."""
    values = {"state": EntryState.WAITING, "attempts": entry.attempts - 1, "error": reason}
    return Outcome(entry.id, entry.attempts, values)


def failed(
    entry: OutboxEntry, error: BaseException, now: datetime, *, most: int = MOST_ATTEMPTS, where: str = ""
) -> Outcome:
    """It failed: again after a pause, or given up."""
    text = f"{where}: {describe(error)}" if where else describe(error)
    if isinstance(error, GiveUp) or entry.attempts >= most:
        values: dict[str, Any] = {"state": EntryState.DEAD, "finished_at": now, "error": text}
    else:
        values = {"due_at": now + OUTBOX.pause(entry.attempts), "error": text}
    return Outcome(entry.id, entry.attempts, values)
