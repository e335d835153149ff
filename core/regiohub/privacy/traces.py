"""Traces of a person in what the platform itself keeps: work that waits or is done, mails, settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email import policy
from email.headerregistry import AddressHeader, DateHeader
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from regiohub.db.session import TenantSession
from regiohub.events.models import EntryKind, OutboxEntry
from regiohub.plugins.subjects import Subject, pattern_of
from regiohub.tenancy.models import PluginSetting

_CHUNK = 200
_IDENTIFIER_FIELD = re.compile(r"(.*_)?(subject|user|account|actor|sub)(_id)?s?\Z")
_ADDRESS_FIELD = re.compile(r"(.*_)?(e?mail|to|cc|bcc|recipient)(_address)?(es|s)?\Z")
"""Names of fields of events, tasks and settings that hold people: nothing but the name says what a value means."""
_PLAIN = re.compile(r"[ !#-\[\]-~]+")


async def outbox_entries(session: TenantSession, subject: Subject) -> Sequence[OutboxEntry]:
    """Mails to the person, and events and tasks that name him in a field for people."""
    needles = [needle_of(name) for name in (subject.id, *sorted(subject.emails)) if name]
    if not needles:
        return []
    # The text of the JSON column narrows the search; whether a value is the person's, the values themselves say.
    text = sa.func.lower(sa.cast(OutboxEntry.payload, sa.Text))
    like = sa.or_(*(text.contains(needle, autoescape=True) for needle in needles))
    found = await session.scalars(sa.select(OutboxEntry).where(like).order_by(OutboxEntry.id))
    return [entry for entry in found if concerns(entry.kind, entry.payload, subject)]


async def drop_entries(session: TenantSession, entries: Sequence[OutboxEntry]) -> None:
    """Delete entries with the marks of their handlers, whatever state they are in."""
    ids = [entry.id for entry in entries]
    for entry in entries:
        session.expunge(entry)
    for start in range(0, len(ids), _CHUNK):
        gone = sa.delete(OutboxEntry).where(OutboxEntry.id.in_(ids[start : start + _CHUNK]))
        await session.execute(gone, execution_options={"synchronize_session": False})


def entry_record(entry: OutboxEntry) -> dict[str, Any]:
    """An entry as an export shows it. What fills a mail stays out: it may hold one-time links."""
    content = {"to": entry.payload.get("to")} if entry.kind is EntryKind.MAIL else entry.payload
    return {
        "kind": entry.kind.value, "name": entry.name, "state": entry.state.value, "created_at": entry.created_at,
        "finished_at": entry.finished_at, "content": content,
    }  # fmt: skip


async def settings_naming(session: TenantSession, subject: Subject) -> Sequence[str]:
    """Plugins whose settings in this town name the person."""
    rows = await session.scalars(sa.select(PluginSetting).order_by(PluginSetting.plugin))
    return list(dict.fromkeys(row.plugin for row in rows if is_about(row.values, subject, in_words=True)))


def mail_files(folder: Path, subject: Subject) -> Sequence[Path]:
    """Mails to the person among those that were written to files instead of being sent."""
    if not subject.emails or not folder.is_dir():
        return []
    return [path for path in sorted(folder.glob("*.eml")) if _is_to(path, subject)]


def mail_record(path: Path) -> dict[str, Any]:
    """What an export says of a mail in a file."""
    head = _head(path)
    return {"file": path.name, "to": head.get("To"), "date": head.get("Date"), "subject": head.get("Subject")}


def mail_moment(path: Path) -> datetime | None:
    """When a mail in a file was written, as it says itself; None if it does not."""
    date = _head(path).get("Date")
    moment = date.datetime if isinstance(date, DateHeader) else None
    return moment if moment is not None and moment.tzinfo is not None else None


def remove_files(paths: Iterable[Path]) -> None:
    """Delete files; one that is gone already is as it should be."""
    for path in paths:
        path.unlink(missing_ok=True)


def concerns(kind: EntryKind, payload: Mapping[str, object], subject: Subject) -> bool:
    """Whether an entry is the person's: a mail by its reader alone, whatever it says; work by its fields for people."""
    if kind is EntryKind.MAIL:
        to = payload.get("to")
        return isinstance(to, str) and subject.is_email(to)
    return is_about(payload, subject)


def is_about(value: object, subject: Subject, *, in_words: bool = False) -> bool:
    """Whether a JSON value names the person in a field for people, at any depth.

    The identifier counts as the whole value of a field called `subject`, `user`, `account`, `actor` or `sub`; an
    address in a field called `email`, `mail`, `to`, `cc`, `bcc` or `recipient`. Each may have a prefix (`booked_by_`…),
    `_id` or `_address`, and be a list. Other fields hold other things, which may read the same: a room, a language.
    `in_words`: an address counts in every text.
    """
    addresses = [pattern_of(address) for address in subject.emails]
    for field, text in texts_in(value):
        if subject.id is not None and text == subject.id and _IDENTIFIER_FIELD.match(field):
            return True
        if (in_words or _ADDRESS_FIELD.match(field)) and any(one.search(text) for one in addresses):
            return True
    return False


def needle_of(name: str) -> str:
    """The longest piece of a name that any database finds in JSON: quotes are escaped there, Ü is not always an ü."""
    return max(_PLAIN.findall(name.lower()), key=len, default="")


def texts_in(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """All texts, each with the name of the field it stands in."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, one in cast("Mapping[str, object]", value).items():
            yield from texts_in(one, key)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from texts_in(one, field)


def _head(path: Path) -> Mapping[str, Any]:
    with path.open("rb") as file:
        return dict(BytesHeaderParser(policy=policy.default).parse(file).items())


def _is_to(path: Path, subject: Subject) -> bool:
    to = _head(path).get("To")
    return isinstance(to, AddressHeader) and any(subject.is_email(one.addr_spec) for one in to.addresses)
