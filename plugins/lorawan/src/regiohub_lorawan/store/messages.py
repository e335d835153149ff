"""Storing messages as they come and noting what became of them."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regiohub.api import DomainError, TenantSession
from regiohub_lorawan.formats.uplink import Message
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.store.batch import Columns, rows_of, source, update
from regiohub_lorawan.store.values import identifier, moment, to_uuid


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message about to be stored: canonical form, body as received, state and fault it starts with."""

    id: UUID
    message: Message
    body: str
    received_at: datetime
    state: MessageState = MessageState.PENDING
    error: DomainError | None = None


async def insert(session: TenantSession, rows: Sequence[NewMessage]) -> set[UUID]:
    """Store messages; one whose key is known already is left alone. Returns the ids that are new."""
    text = "text"
    columns = {
        "id": ("uuid", [identifier(session, row.id) for row in rows]),
        "dedup_key": (text, [row.message.dedup_key for row in rows]),
        "source": (text, [row.message.source.value for row in rows]),
        "kind": (text, [row.message.kind.value for row in rows]),
        "dev_eui": (text, [row.message.dev_eui for row in rows]),
        "time": ("timestamptz", [moment(session, row.message.time) for row in rows]),
        "received_at": ("timestamptz", [moment(session, row.received_at) for row in rows]),
        "body": (text, [row.body for row in rows]),
        "state": (text, [row.state.value for row in rows]),
        **fault_columns([row.error for row in rows]),
    }
    table, parameters = source(session, columns)
    names = ", ".join(columns)
    result = await session.sql(
        f"INSERT INTO lorawan_message (tenant_id, {names}) SELECT :tenant_id, {names} FROM {table} WHERE true"
        " ON CONFLICT (tenant_id, dedup_key) DO NOTHING RETURNING id",
        parameters,
    )
    return {to_uuid(row[0]) for row in result.all()}


def fault_columns(errors: Sequence[DomainError | None], prefix: str = "") -> Columns:
    """The three columns in which a fault is kept: code, German words, English words."""
    return {
        f"{prefix}error_code": ("text", [error and error.code for error in errors]),
        f"{prefix}error_de": ("text", [error and error.message.de for error in errors]),
        f"{prefix}error_en": ("text", [error and error.message.en for error in errors]),
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one stored message."""

    id: UUID
    state: MessageState
    codec_version: int | None = None
    error: DomainError | None = None


async def finish(session: TenantSession, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write down the outcomes of a batch."""
    await update(
        session,
        "UPDATE lorawan_message SET state = {n_state}, codec_version = {n_version}, error_code = {n_error_code},"
        " error_de = {n_error_de}, error_en = {n_error_en}, processed_at = :now {rows}"
        " WHERE tenant_id = :tenant_id AND id = {n_id}",
        {
            "n_id": ("uuid", [identifier(session, item.id) for item in outcomes]),
            "n_state": ("text", [item.state.value for item in outcomes]),
            "n_version": ("int", [item.codec_version for item in outcomes]),
            **fault_columns([item.error for item in outcomes], "n_"),
        },
        {"now": moment(session, now)},
    )


async def still_pending(session: TenantSession, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these messages still wait for their values; nobody else finishes them until the transaction ends."""
    table, parameters = source(session, {"n_id": ("uuid", [identifier(session, id_) for id_ in ids])})
    # On SQLite the transaction is the only writer.
    held = "ORDER BY m.id FOR UPDATE OF m" if session.dialect == "postgresql" else ""
    result = await session.sql(
        f"SELECT m.id FROM {table} CROSS JOIN lorawan_message m WHERE m.tenant_id = :tenant_id AND m.id = n_id"
        f" AND m.state = '{MessageState.PENDING.value}' {held}",
        parameters,
    )
    return {to_uuid(row[0]) for row in rows_of(result)}


async def known_devices(session: TenantSession, euis: Sequence[str]) -> Mapping[str, UUID]:
    """Which of these devices are registered here."""
    table, parameters = source(session, {"n_eui": ("text", euis)})
    result = await session.sql(
        f"SELECT d.dev_eui, d.id FROM {table} CROSS JOIN lorawan_device d"
        " WHERE d.tenant_id = :tenant_id AND d.dev_eui = n_eui",
        parameters,
    )
    return {eui: to_uuid(value) for eui, value in rows_of(result)}
