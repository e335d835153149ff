"""What a plan does, for those who may know: in the answer, in the log, and as statements for authors and operators.

Answers and logs name ways and reasons only. Statements are shown by the command line alone, and nowhere the values of
parameters.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

import structlog

from regiohub.auth.permissions import REGION_OPERATION, TENANT_PLUGINS
from regiohub.auth.principal import Principal
from regiohub.db.scope import Scope

from .answer import Answer
from .plans.errors import Unplannable
from .plans.plan import Plan, Room, Way
from .plans.statement import Statement
from .plans.workshop import Refused
from .prepared import Prepared

log = structlog.get_logger()
HEADER = b"x-regiohub-explain"
"""Request header by which somebody asks for `extensions.plan`; its value is `plan`."""

_seen: WeakSet[Plan] = WeakSet()


@dataclass(frozen=True, slots=True)
class Explained:
    """One field and how it is answered.

    `reason`: why a resolver answers it. `sql`: statements with numbered parameters. `database`: the database's own
    account of how it carries them out, line by line.
    """

    path: str
    way: Way
    reason: str | None
    sql: tuple[str, ...] = ()
    database: tuple[str, ...] = ()


def wanted(header: str, principal: Principal) -> bool:
    """Whether somebody asks for the plan of his operation, and may: who switches plugins, or operates the platform."""
    return header == "plan" and (principal.can(TENANT_PLUGINS) or principal.can(REGION_OPERATION))


async def answer(prepared: Prepared, *, wanted: bool = False) -> Answer:
    """Run an operation and note in the log how it was answered. `wanted`: say so in the answer, too."""
    begun = time.perf_counter()
    given = await prepared.run()
    _note(prepared, given, time.perf_counter() - begun)
    if wanted:
        given.extensions = {**(given.extensions or {}), "plan": shown(prepared, given)}
    return given


def shown(prepared: Prepared, given: Answer) -> dict[str, Any]:
    """The plan as `extensions.plan`: its id, who answered, and way and reason of each field; no statements."""
    plan = prepared.plan
    if plan is None:
        return {"id": None, "answeredBy": "executor", "reason": prepared.reason, "fields": []}
    fields = [
        {"path": field.path, "way": field.way.value, **({"reason": field.reason} if field.reason else {})}
        for field in plan.fields
    ]
    by_plan = given.plan is not None
    reason = None if by_plan else "something in the values that only the executor can report"
    return {"id": plan.id, "answeredBy": "plan" if by_plan else "executor", "reason": reason, "fields": fields}


def _note(prepared: Prepared, given: Answer, seconds: float) -> None:
    plan = prepared.plan
    if plan is None:
        return
    first = plan not in _seen
    _seen.add(plan)
    if not first and not log.is_enabled_for(logging.DEBUG):
        return
    ways = {field.path: field.way.value for field in plan.fields}
    facts: dict[str, Any] = {
        "plan": plan.id,
        "operation": name.value if (name := prepared.operation.name) else None,
        "ways": ways,
        "reasons": sorted({field.reason for field in plan.fields if field.reason}),
        "answered_by": "plan" if given.plan is not None else "executor",
        "bytes": len(given.written) if given.written is not None else None,
        "ms": round(seconds * 1000, 2),
    }
    if first:
        log.info("plan made", **facts)
    else:
        log.debug("operation planned", **facts)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement as it would run: over whose rows, with which values for its parameters."""

    scope: Scope
    text: str
    values: Sequence[Any]


async def drawn_up(prepared: Prepared) -> Sequence[Drawn]:
    """The statements of an operation; none of them runs, and none where there is no plan.

    A field that the caller may not read leaves the operation without a plan, as it does when it runs. Raises what
    making statements raises about the arguments: domain errors, `GraphQLError`, `Unusual`.
    """
    plan = prepared.plan
    if plan is None:
        return ()
    source, facts = prepared.source, prepared._facts  # pyright: ignore[reportPrivateUsage]
    region = source.tenant is None
    if region:
        facts.rooms = await source.rooms(plan.rooms)
    selection = prepared._selection  # pyright: ignore[reportPrivateUsage]
    postgresql = source.platform.database.dialect == "postgresql"
    try:
        variant = plan.variant(selection, facts, postgresql=postgresql, region=region)
    except (Unplannable, Refused) as reason:
        prepared.plan, prepared.reason = None, str(reason)
        return ()
    found: list[Drawn] = []
    for room in variant.rooms:
        scope = Scope(tenant=source.tenant)
        if region:
            scope = Scope(readable=tuple(facts.rooms[room.name]) or (0,), reason="region: explain")
        found += [Drawn(scope, made.text, made.values(facts)) for made in _statements(room)]
    return found


async def explained(prepared: Prepared, *, analyze: bool = False) -> Sequence[Explained]:
    """How each field of an operation would be answered, with its statements; nothing of it runs.

    `analyze`: have the database carry the statements out and give its account. Raises as `drawn_up` does.
    """
    drawn = await drawn_up(prepared)
    accounts: dict[str, tuple[str, ...]] = {}
    for made in drawn if analyze else ():
        accounts[made.text] = await _account(prepared.source.platform.database, made)
    found: list[Explained] = []
    for field in prepared.plan.fields if prepared.plan else ():
        lines = tuple(line for sql in field.sql for line in accounts.get(sql, ()))
        found.append(Explained(field.path, field.way, field.reason, field.sql, lines))
    return found


def _statements(room: Room) -> list[Statement]:
    return [*([room.json] if room.json else ()), *(statement for _, statement, _ in room.rows)]


async def _account(database: Any, made: Drawn) -> tuple[str, ...]:
    words = "EXPLAIN (ANALYZE, BUFFERS) " if database.dialect == "postgresql" else "EXPLAIN QUERY PLAN "
    async with database.direct.snapshot(made.scope) as snapshot:
        rows = await snapshot.rows(words + made.text, made.values)
    return tuple(str(row[-1]) for row in rows)


def pretty(sql: str) -> str:
    """A statement with each clause on a line of its own, indented by how deep it stands."""
    lines: list[str] = []
    depth = 0
    for part in sql.splitlines():
        text = part.strip()
        if not text:
            continue
        lines.append("  " * (depth + (0 if _opens(text) else 1)) + text)
        # Brackets in texts do not occur: texts are parameters, and constants are names.
        depth = max(0, depth + text.count("(") - text.count(")"))
    return "\n".join(lines)


def _opens(text: str) -> bool:
    return text.startswith(("SELECT", "FROM", "WHERE", "ORDER BY", "LIMIT", "GROUP BY", "LEFT OUTER JOIN", "JOIN"))
