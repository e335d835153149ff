"""Messages that gave no values: of unknown devices, not decodable, with an impossible time, or still waiting."""

import json
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import ColumnElement, func, select
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, t
from regiohub.api.console import Cell, Column, Filter, Listing, TownPage
from regiohub_lorawan.console import words
from regiohub_lorawan.models import Device, StoredMessage
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.permissions import MANAGE, VIEW

router = APIRouter()

_OPEN = (MessageState.FAILED, MessageState.UNKNOWN_DEVICE, MessageState.REFUSED)
_SHOWN = (*_OPEN, MessageState.PENDING)


def _state(row: StoredMessage) -> Cell:
    return Cell(words.STATES[row.state], badge="info" if row.state is MessageState.PENDING else "bad")


def _about(eui: str) -> ColumnElement[bool]:
    return StoredMessage.dev_eui.startswith(eui.lower(), autoescape=True)


_MESSAGES = Listing(
    "messages",
    t("Offene Nachrichten", "Open messages"),
    columns=(
        Column(
            "received", t("Empfangen", "Received"), lambda r: r.received_at, sort=StoredMessage.received_at,
            link=lambda r: f"messages/{r.id}",
        ),
        Column("eui", t("EUI", "EUI"), lambda r: r.dev_eui, sort=StoredMessage.dev_eui),
        Column("kind", t("Art", "Kind"), lambda r: words.MESSAGE_KINDS[r.kind]),
        Column("state", t("Zustand", "State"), _state, sort=StoredMessage.state),
        Column("why", t("Grund", "Reason"), words.error_text),
        Column("source", t("Von", "From"), lambda r: words.SOURCES[r.source]),
    ),
    filters=(
        Filter.choice(
            "state",
            t("Zustand", "State"),
            [(state.value, words.STATES[state]) for state in _SHOWN],
            lambda value: StoredMessage.state == MessageState(value),
        ),
        Filter.text("eui", t("EUI", "EUI"), _about),
    ),
    order="-received",
    last=StoredMessage.id,
    empty=t("Alle Nachrichten sind ausgewertet.", "All messages have been evaluated."),
)  # fmt: skip


async def open_messages(ctx: Ctx) -> int:
    """How many messages wait for somebody."""
    return await ctx.session.scalar(select(func.count()).where(StoredMessage.state.in_(_OPEN))) or 0


@router.get("/messages")
async def messages(page: TownPage) -> Response:
    """All messages that gave no values."""
    page.require(VIEW)
    async with page.read() as ctx:
        statement = select(StoredMessage).where(StoredMessage.state.in_(_SHOWN))
        found = await page.list(ctx, _MESSAGES, statement)
    return page.show("lorawan/messages.html", messages=found)


@router.get("/messages/{id}")
async def message(page: TownPage, id: UUID) -> Response:
    """One message, exactly as it came."""
    page.require(VIEW)
    async with page.read() as ctx:
        row = await ctx.session.find(StoredMessage, id)
        if row is None:
            raise NotFound
        device = await ctx.session.scalar(select(Device).where(Device.dev_eui == row.dev_eui))
    return page.show(
        "lorawan/message.html", row=row, device=device, body=_pretty(row.body), words=words,
        may_manage=page.can(MANAGE),
    )  # fmt: skip


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
