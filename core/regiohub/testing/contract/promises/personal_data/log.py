"""Nobody can be read from the audit log: entries are never changed, so what names a person there stays for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.auth.permissions import PLUGIN_ADMIN, STAFF_ROLES
from regiohub.db.base import uuid7
from regiohub.tenancy.context import Ctx
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promises.graphql.operations import Operation, offer
from regiohub.testing.contract.promises.graphql.running import Runner, text_of
from regiohub.testing.contract.promises.graphql.selections import whole, without_arguments
from regiohub.testing.contract.promises.graphql.values import Values, places, replaced, stands, values_for

from .people import ANNA, BEN, HERE, Row, Tables, plant

ACCOUNT, NAME, MAIL = "0190a000-0000-7000-8000-00000000cccc", "Zacharias Merkmal", "z.merkmal@example.org"
"""Who does it all."""
_ABOUT_PEOPLE = re.compile(r"e?mail|phone|mobile|contact|booker|person|firstname|lastname|surname", re.IGNORECASE)
_SHORTEST = 6
"""Fewer letters may well be the same by chance."""


async def log_faults(case: Case) -> list[str]:
    """Operations after which an entry names the caller, a person of the plugin's tables or one of the arguments."""
    found: list[AuditEntry] = []
    begun = uuid7()

    async def look(ctx: Ctx) -> None:
        found.extend((await ctx.session.scalars(sa.select(AuditEntry).where(AuditEntry.id > begun))).all())

    async with case.filled() as world:
        tables = Tables(case.plugin_of(world))
        await plant(world.scope(HERE), tables, ANNA, BEN)
        async with world.scope(HERE).read() as ctx:
            marks = set(_marks(tables, await tables.everything(ctx)))
        roles = (*sorted(STAFF_ROLES), f"{PLUGIN_ADMIN}{case.id}")
        caller = replace(world.principal(HERE, roles=roles, subject=ACCOUNT), name=NAME, email=MAIL)
        offered, values, faults = offer(world, case.id, HERE), await values_for(world, case, HERE), dict[str, None]()
        runner, begun = Runner(world, offered, look), uuid7()
        for operation in offered.of("mutation"):
            tree = whole(operation.field.type, 1, without_arguments())
            for arguments in _arguments(operation, values):
                found.clear()
                await runner.answers(text_of(operation, arguments, tree), arguments, caller)
                for entry in found:
                    told = _told(entry, marks)
                    if told:
                        faults[f"{operation.place} writes {told} into the entry {entry.action}"] = None
    return list(faults)


def _marks(tables: Tables, rows: Mapping[str, list[Row]]) -> Iterable[str]:
    """What names somebody: the caller, people planted, and what an erasure would empty in the plugin's tables."""
    yield from (ACCOUNT, NAME, MAIL)
    for person in (ANNA, BEN):
        yield from (*person.emails, str(person.id))
    for name, entry in tables.declared.items():
        for row in rows[name]:
            yield from (v for c in entry.emptied if isinstance(v := row.get(c), str) and len(v) >= _SHORTEST)


def _arguments(operation: Operation, values: Values) -> Iterable[Mapping[str, Any]]:
    """Arguments as they come, and with persons where an argument is about people."""
    plain = values.of(operation, generous=True)
    yield plain
    for path, kind in places(operation):
        if _ABOUT_PEOPLE.search(path[-1]) and str(kind) in ("String", "Email"):
            wanted = values.of(operation, path)
            if stands(wanted, path):
                yield replaced(wanted, path, MAIL if "mail" in path[-1].lower() else NAME)


def _told(entry: AuditEntry, marks: Iterable[str]) -> str | None:
    said = " ".join(
        str(value)
        for value in (
            entry.actor, entry.object_id, entry.before, entry.after, entry.note, entry.text_de, entry.text_en,
        )
    ).casefold()  # fmt: skip
    return next((mark for mark in marks if mark.casefold() in said), None)
