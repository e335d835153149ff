"""A list of erasures outside of the database: a restored backup brings people back, and this finds them again.

Each erasure adds one line of JSON to a file in the data folder. It names nobody: only whoever has the platform's key
and a database with the same person in it can match the two. The file is no part of the database, so that putting an
older one back leaves it as it is.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.errors import InvalidInput
from regiohub.events.models import EntryKind, OutboxEntry
from regiohub.plugins.subjects import Subject
from regiohub.texts import t

from .gathering import holders_of
from .mentions import addresses_in, addresses_of
from .named import mark_of

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx

FILE = "erasures.ndjson"
ERASED, AGAIN = "tenant.subject_erased", "tenant.subject_erased_again"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One line: when and in which town, the mark of the whole person, and one of each name."""

    at: datetime
    town: str
    person: str
    names: frozenset[str]


def note_erasure(ctx: Ctx, subject: Subject) -> None:
    """Add an erasure to the list once it is committed."""
    key = ctx.platform.settings.key
    line = {
        "at": ctx.now().isoformat(), "town": ctx.tenant.slug, "person": mark_of(key, subject),
        "names": sorted(mark_of_name(key, name) for name in _names(subject)),
    }  # fmt: skip
    path = ctx.platform.settings.data_dir / FILE
    ctx.after_commit(lambda: _append(path, json.dumps(line)))


def read_ledger(path: Path) -> list[Erasure]:
    """The erasures of a list, the earliest first; a file that is not there holds none.

    :raises InvalidInput: a line is none of this list.
    """
    if not path.exists():
        return []
    found: list[Erasure] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            one = json.loads(line)
            names = frozenset(map(str, one["names"]))
            found.append(Erasure(datetime.fromisoformat(one["at"]), one["town"], one["person"], names))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                t(f"Zeile {number} von {path} ist keine Löschung.", f"Line {number} of {path} is no erasure."),
                field="ledger",
            ) from error
    return found


async def returned(ctx: Ctx, erasures: Iterable[Erasure]) -> list[tuple[Erasure, Subject]]:
    """People of this town who are in the list and not erased in this database: a backup has brought them back.

    They are found by the identifiers and addresses that stand in declared columns, in any text and in mails that wait.
    """
    open_ = [one for one in erasures if one.town == ctx.tenant.slug and not await _done(ctx, one)]
    if not open_:
        return []
    key, known = ctx.platform.settings.key, dict[str, str]()
    for name in await _names_in(ctx):
        known[mark_of_name(key, name)] = name
    people: dict[str, tuple[Erasure, Subject]] = {}
    for one in open_:
        names = sorted(known[mark] for mark in one.names & known.keys())
        emails = frozenset(name for name in names if "@" in name)
        ids = [name for name in names if "@" not in name]
        if names:
            people[one.person] = one, Subject(ids[0] if ids else None, emails)
    return list(people.values())


def mark_of_name(key: bytes, name: str) -> str:
    """What the list calls one identifier or address: HMAC-SHA256 with the platform's key, cut to 128 bits."""
    return hmac.new(key, f"erasure\x1f{name}".encode(), sha256).hexdigest()[:32]


async def _done(ctx: Ctx, one: Erasure) -> bool:
    """Whether this database knows of the erasure, or of a later one of the same person."""
    same = sa.select(sa.func.count()).select_from(AuditEntry)
    same = same.where(
        AuditEntry.action.in_((ERASED, AGAIN)), AuditEntry.object_id == one.person, AuditEntry.at >= one.at
    )
    return bool(await ctx.session.scalar(same))


async def _names_in(ctx: Ctx) -> set[str]:
    holders = holders_of(ctx)
    # A search of everything may take longer than a statement usually may.
    await ctx.session.patient()
    found = await addresses_in(ctx, {one.entry.table: one.entry.finds for holder in holders for one in holder.tables})
    for holder in holders:
        for one in holder.tables:
            for column in one.entry.finds:
                attribute = one.attribute(column)
                values = await ctx.session.scalars(sa.select(attribute).where(attribute.is_not(None)).distinct())
                found = found.union(*({_plain(str(value)), *addresses_of(str(value))} for value in values))
    for payload in await ctx.session.scalars(sa.select(OutboxEntry.payload).where(OutboxEntry.kind == EntryKind.MAIL)):
        found |= set(_readers(payload))
    return found - {""}


def _readers(payload: Mapping[str, object]) -> Iterator[str]:
    to = payload.get("to")
    if isinstance(to, str):
        yield _plain(to)


def _plain(name: str) -> str:
    return name.strip().lower() if "@" in name else name


def _names(subject: Subject) -> list[str]:
    return [*([subject.id] if subject.id else []), *subject.emails]


def _append(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
