"""Second wall, in the session: every read gets the tenant's predicate, every write is checked before it is sent.

The first wall is the database's own (row level security on PostgreSQL, triggers on SQLite). This one also
supplies the leading column of every index, and is the only wall for reads on SQLite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    FromStatement,
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    with_loader_criteria,
)

from regiohub.db import postgresql, sqlite, versions
from regiohub.db.base import Base, TenantTable, Timestamps
from regiohub.db.errors import ReadOnlySession, TenancyViolation, UnscopedStatement
from regiohub.db.scope import SCOPE, Scope, towns_text
from regiohub.db.statements import bare_tables, fault_of, spoken, tenant_tables

CHECKED = "regiohub_checked"
"""Execution option of statements that the session itself has given the tenant's predicate."""

SEEN = "regiohub_seen"
"""Execution option of statements that have passed through the session."""

CLOCK = "regiohub_clock"

_IDS = sa.ARRAY(sa.Integer)

_DDL = re.compile(
    r"\s*(?:drop|alter|create|attach|detach|pragma[^(]*=|vacuum|grant|reset|do\b|discard"
    r"|set\s+(?:(?:local|session)\s+)?(?:role|search_path|session\s+authorization))",
    re.IGNORECASE,
)
# In strings, too: there are functions that run what stands in one.
_CHANGES_TOWN = re.compile(r"\bset_config\b|\bapp\W{1,3}(?:tenant|read_tenants)\b", re.IGNORECASE)


class GuardedSession(Session):
    """The synchronous core of a TenantSession: events are bound to this class, not to all sessions."""


def scope_of(session: Session) -> Scope:
    """The scope a session was opened with."""
    return session.info[SCOPE]


@event.listens_for(GuardedSession, "after_begin")
def _announce(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell the database whose rows this transaction may touch; again after each begin, since a rollback forgets it."""
    if not transaction.nested:
        versions.begin(connection, scope_of(session).tenant, write=scope_of(session).write)
    if connection.dialect.name == "postgresql":
        postgresql.announce(connection, scope_of(session))
    else:
        sqlite.announce(connection, scope_of(session))


@event.listens_for(GuardedSession, "do_orm_execute")
def _confine(state: ORMExecuteState) -> None:
    statement = state.statement
    state.update_execution_options(**{SEEN: True})
    if state.is_orm_statement:
        # What is no part of a model gets no predicate below. PostgreSQL adds its own, so the look is spared there.
        if isinstance(statement, FromStatement):
            _refuse_given(statement.element)
        elif state.session.get_bind().dialect.name == "sqlite" and (touched := bare_tables(statement)):
            raise UnscopedStatement(
                f"{', '.join(sorted(touched))} beside a model: use aliased(Model), or session.sql()"
            )
        visible = scope_of(state.session).visible
        if len(visible) == 1:
            only = visible[0]
            state.statement = statement.options(
                with_loader_criteria(TenantTable, lambda cls: cls.tenant_id == only, include_aliases=True)
            )
        else:
            # One parameter, so that thousands of towns make no longer a statement.
            towns = towns_text(visible)
            if state.session.get_bind().dialect.name == "postgresql":
                state.statement = statement.options(
                    with_loader_criteria(
                        TenantTable,
                        lambda cls: cls.tenant_id == sa.any_(sa.cast(sa.func.string_to_array(towns, ","), _IDS)),
                        include_aliases=True,
                    )
                )
            else:
                array = f"[{towns}]"
                state.statement = statement.options(
                    with_loader_criteria(
                        TenantTable,
                        lambda cls: cls.tenant_id.in_(
                            sa.select(sa.func.json_each(array).table_valued("value").c.value)
                        ),
                        include_aliases=True,
                    )
                )
        return
    if state.execution_options.get(CHECKED) or isinstance(statement, sa.Insert):
        return
    _refuse_given(statement)


def _refuse_given(statement: Any) -> None:
    """Neither text nor tables get the tenant's predicate."""
    if isinstance(statement, sa.TextClause | sa.TextualSelect):
        raise UnscopedStatement("text SQL goes through session.sql(), which binds the tenant")
    touched = sorted(tenant_tables(statement))
    if touched:
        raise UnscopedStatement(f"Core statement on {', '.join(touched)}: select the model, or use session.sql()")


@event.listens_for(GuardedSession, "before_attach")
def _keep_out(session: Session, instance: object) -> None:
    """A row that another session has read stays there: refreshing it would read past the predicate."""
    key = sa.inspect(instance).key if isinstance(instance, TenantTable) else None
    if key is not None and key[1][0] not in scope_of(session).visible:
        raise TenancyViolation(f"{type(instance).__name__} belongs to tenant {key[1][0]}, which this session is not of")


@event.listens_for(GuardedSession, "before_flush")
def _check_writes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    scope = scope_of(session)
    touched = [*session.new, *(obj for obj in session.dirty if session.is_modified(obj)), *session.deleted]
    if touched and not scope.write:
        raise ReadOnlySession(f"this session only reads; {type(touched[0]).__name__} would be written")
    now = session.info[CLOCK].now()
    for obj in touched:
        if isinstance(obj, Timestamps) and obj not in session.deleted:
            obj.updated_at = now
            if obj in session.new and obj.created_at is None:  # pyright: ignore[reportUnnecessaryComparison]
                obj.created_at = now
        if not isinstance(obj, TenantTable):
            continue
        if obj in session.new and obj.tenant_id is None:  # pyright: ignore[reportUnnecessaryComparison]
            obj.tenant_id = scope.tenant  # type: ignore[assignment]
        if scope.tenant is None or obj.tenant_id != scope.tenant:
            raise TenancyViolation(f"{type(obj).__name__} belongs to tenant {obj.tenant_id}, not to {scope.tenant}")


@lru_cache(maxsize=4096)
def _verdict(statement: str, tables: int) -> tuple[str | None, frozenset[str]]:
    """Why this SQL text may not run on a serving connection (None when it may), and the tables that it may change."""
    if _DDL.match(spoken(statement)):
        return "serving connections change no schema", frozenset()
    if _CHANGES_TOWN.search(statement) and statement != postgresql.ANNOUNCEMENT:
        return "a session keeps its town", frozenset()
    fault = fault_of(statement, tables)
    if fault:
        return fault, frozenset()
    return None, versions.written_tables(statement, tables)


def second_net(_conn: Connection, statement: Any, _many: Any, _params: Any, options: Mapping[str, Any]) -> None:
    """Engine event `before_execute`: what is selected past the session got no predicate, whatever columns it names."""
    if isinstance(statement, sa.SelectBase) and not options.get(SEEN) and (touched := tenant_tables(statement)):
        raise UnscopedStatement(f"{', '.join(sorted(touched))} selected past the session")


def last_net(conn: Connection, _cursor: Any, statement: str, _params: Any, _context: Any, _many: bool) -> None:
    """Engine event `before_cursor_execute`: catches what goes around the session, e.g. session.connection()."""
    fault, written = _verdict(statement, len(Base.metadata.tables))
    if fault:
        raise UnscopedStatement(f"{fault}: {statement[:120]}")
    if written:
        versions.note(conn, written)
