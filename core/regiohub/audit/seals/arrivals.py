"""The log of a town that comes with an archive: who vouches for it, and what speaks against it.

An archive is a file that anybody may have rewritten, with a log that is sealed anew and fits in itself. It counts as
it is where this installation's own key sealed it, or a key that a head kept outside the archive names; whatever else
comes, a person has to accept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.errors import InvalidInput
from regiohub.texts import Text, t

from .faults import Fault, FaultKind
from .heads import accept_arrival, departed_head, drop_departed_head, return_departed_head
from .keys import keyring
from .links import Head, head_from
from .models import AuditKey
from .report import Report
from .signing import signer_for
from .verifier import check

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx

_TAIL: Final = timedelta(minutes=2)
"""So long after the last seal an export may still catch entries that are not sealed yet: it seals just before."""


@dataclass(frozen=True, slots=True)
class ArrivingLog:
    """A log on its way in. `town`: the name under which it was written down; `part`: what the archive says of its end
    (see ``archive_part``); `heads`: kept by whoever imports; `accepted`: doubts are to be written down and passed over.
    """

    town: str
    part: Mapping[str, Any]
    heads: Sequence[Head] = ()
    accepted: bool = False

    @classmethod
    def read(cls, town: str, content: bytes, heads: Sequence[Head], *, accepted: bool) -> ArrivingLog:
        """With the archive's member of that name, or nothing. What is no such member names no genuine end."""
        try:
            part = orjson.loads(content) if content else {}
        except ValueError:
            part = None
        if not isinstance(part, dict):
            part = {"head": None}
        return cls(town, cast("dict[str, Any]", part), heads, accepted)


def refuse_strange_signer(platform: Platform, log: ArrivingLog) -> None:
    """Before anything is stored: whether somebody vouches for the key that sealed the log.

    :raises InvalidInput: nobody does, and it is not accepted.
    """
    head, outside = _own_head(log), _outside(platform, log)
    doubt = _strange(platform, head, outside) if head is not None else None
    if doubt is not None and not log.accepted:
        raise _refused(doubt)


async def judge_log(session: TenantSession, platform: Platform, log: ArrivingLog) -> Text | None:
    """Check the whole log, as it stands in the database now; what speaks against it if that is accepted.

    Compared are the end that the archive names, the heads that were given, and the one that was kept here when the
    town left.

    :raises InvalidInput: something speaks against it, and it is not accepted.
    """
    head, outside = _own_head(log), _outside(platform, log)
    signers = [signer_for(platform.settings.key).public_key, *([head.public_key] if head else [])]
    keys = keyring(signers, (await session.scalars(sa.select(AuditKey))).all())
    now = platform.clock.now()
    report = await check(session, log.town, keys, [*outside, *([head] if head else [])], now=now)
    doubts = [_strange(platform, head, outside), await _unsealed(session, report), _damaged(report)]
    if (head is None and log.part) or _departed(platform, log.town) is _DAMAGED:
        doubts.append(Fault(FaultKind.HEAD_FOREIGN).words)
    found = [doubt for doubt in doubts if doubt is not None]
    if not found:
        return None
    doubt = Text(" ".join(one.de for one in found), " ".join(one.en for one in found))
    if not log.accepted:
        raise _refused(doubt)
    return doubt


async def take_over_log(ctx: Ctx, log: ArrivingLog, doubt: Text | None) -> Text | None:
    """In the unit of work that ends the import: accept the log's signer, where that is another. What is wrong with it.

    What was passed over stands in the log for ever. The head that was kept when the town left is kept again, unless
    the log does not go through it.
    """
    try:
        await accept_arrival(ctx, log.part)
    except InvalidInput as error:
        doubt = doubt or error.message
    kept = _departed(ctx.platform, log.town)
    if doubt is not None:
        end = _own_head(log)
        values = {"number": end.number, "chain": end.chain.hex(), "key": end.key} if end else None
        before = {"number": kept.number, "chain": kept.chain.hex()} if isinstance(kept, Head) else None
        await ctx.audit(
            "tenant.log_accepted", kind="tenant", id=ctx.tenant.slug, before=before, after=values, note=doubt.en
        )
    if ctx.tenant.slug == log.town:
        settle = drop_departed_head if doubt is not None else return_departed_head
        ctx.after_commit(lambda: settle(ctx.platform, log.town))
    return doubt


_DAMAGED: Final = object()


def _departed(platform: Platform, town: str) -> object:
    """The head kept when the town left; None if it never did, ``_DAMAGED`` if it is none any more."""
    try:
        return departed_head(platform, town)
    except ValueError:
        return _DAMAGED


def _outside(platform: Platform, log: ArrivingLog) -> list[Head]:
    kept = _departed(platform, log.town)
    return [*log.heads, *([kept] if isinstance(kept, Head) else [])]


def _own_head(log: ArrivingLog) -> Head | None:
    """The end that the archive names; None if it names none, or no genuine one."""
    try:
        return head_from(log.part.get("head"))
    except ValueError:
        return None


def _strange(platform: Platform, head: Head | None, outside: Sequence[Head]) -> Text | None:
    vouched = {signer_for(platform.settings.key).key, *(one.key for one in outside)}
    if head is None or head.key in vouched:
        return None
    return t(
        f"Das Protokoll ist mit dem Schlüssel {head.key} versiegelt, für den hier niemand einsteht.",
        f"The log is sealed with the key {head.key}, which nobody vouches for here.",
    )


async def _unsealed(session: TenantSession, report: Report) -> Text | None:
    if not report.unsealed:
        return None
    newest: datetime | None = await session.scalar(sa.select(sa.func.max(AuditEntry.at)))
    if report.last_seal is not None and newest is not None and newest <= report.last_seal + _TAIL:
        return None
    return t(
        f"{report.unsealed} Einträge des Protokolls sind nicht versiegelt; jeder kann sie geändert haben.",
        f"{report.unsealed} entries of the log are not sealed; anybody may have changed them.",
    )


def _damaged(report: Report) -> Text | None:
    fault = report.first_fault
    if fault is None:
        return None
    return Text(f"{fault.words.de} ({fault.where.de})", f"{fault.words.en} ({fault.where.en})")


def _refused(doubt: Text) -> InvalidInput:
    return InvalidInput(
        Text(
            f"{doubt.de} Bitte mit dem bisherigen Betreiber klären: einen dort aufbewahrten Stand angeben (--head), "
            "oder das Protokoll so hinnehmen (--accept-log); das bleibt darin vermerkt.",
            f"{doubt.en} Ask who ran the town so far: give a head that was kept there (--head), or accept the log as "
            "it is (--accept-log); it will say so for ever.",
        ),
        field="log",
    )
