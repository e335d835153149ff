"""Decoding stored messages again, after a codec, a profile or its limits were corrected: long work in small steps.

Each step is a task of its own that decodes one portion in its transaction and queues the next, so the progress that
people see is what has really been done, and a step that is repeated after a crash counts once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from regiohub.api import Ctx, InvalidInput, NotFound, Task, Text, Work, advance_work, begin_work, finish_work, t
from regiohub_lorawan.formats.uplink import MessageKind
from regiohub_lorawan.models import Codec, Device, Profile, StoredMessage
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import processing, registry
from regiohub_lorawan.service.pipeline import canonical, codec_pool
from regiohub_lorawan.service.reading import check_span

KIND = "lorawan.redecode"
_STEP = 200


@dataclass(frozen=True, slots=True)
class Selection:
    """Which messages: of all devices with a codec, of a profile, or of one device; within a span; failed ones only."""

    codec_id: UUID | None = None
    profile_id: UUID | None = None
    device_id: UUID | None = None
    start: datetime | None = None
    stop: datetime | None = None
    only_failed: bool = False


async def begin(ctx: Ctx, wanted: Selection) -> Work:
    """Begin to decode the selected uplinks again; returns the work, whose total is their number.

    Values change where the codec and the limits of today say so, and vanish where the codec gives none any more;
    rollups follow. Raises NotFound, or InvalidInput unless exactly one of codec, profile and device is named.
    """
    ctx.require(MANAGE)
    name, conditions = await _named(ctx, wanted), _conditions(wanted)
    if wanted.start and wanted.stop:
        check_span(wanted.start, wanted.stop)
    total = await ctx.session.scalar(select(func.count()).select_from(StoredMessage).where(*conditions)) or 0
    title = Text(f"Neu dekodieren: {name}", f"Decoding again: {name}")
    work = await begin_work(ctx, KIND, title, total=total)
    if total:
        last = await ctx.session.scalar(select(func.max(StoredMessage.received_at)).where(*conditions))
        assert last is not None
        await ctx.enqueue(STEP.name, _payload(wanted, work.id, until=last, after=None))
    after = {"messages": total, "only_failed": wanted.only_failed}
    await ctx.audit("lorawan.redecode", kind="work", id=str(work.id), after=after, note=title.de)
    return work


async def _named(ctx: Ctx, wanted: Selection) -> str:
    given = [
        (model, id_, field)
        for model, id_, field in (
            (Codec, wanted.codec_id, "codecId"),
            (Profile, wanted.profile_id, "profileId"),
            (Device, wanted.device_id, "deviceId"),
        )
        if id_ is not None
    ]
    if len(given) != 1:
        words = t("Bitte Decoder, Profil oder Gerät angeben.", "Please name a codec, a profile or a device.")
        raise InvalidInput(words, field="codecId")
    model, id_, field = given[0]
    name = await ctx.session.scalar(select(model.name).where(model.id == id_))
    if name is None:
        raise NotFound(field=field)
    return name


def _conditions(wanted: Selection) -> list[ColumnElement[bool]]:
    euis = select(Device.dev_eui)
    if wanted.device_id is not None:
        euis = euis.where(Device.id == wanted.device_id)
    elif wanted.profile_id is not None:
        euis = euis.where(Device.profile_id == wanted.profile_id)
    else:
        euis = euis.join(Profile, and_(Profile.tenant_id == Device.tenant_id, Profile.id == Device.profile_id)).where(
            Profile.codec_id == wanted.codec_id
        )
    states = [MessageState.FAILED] if wanted.only_failed else [MessageState.FAILED, MessageState.DONE]
    return [
        StoredMessage.kind == MessageKind.UP,
        StoredMessage.state.in_(states),
        StoredMessage.dev_eui.in_(euis),
        *([StoredMessage.time >= wanted.start] if wanted.start else []),
        *([StoredMessage.time < wanted.stop] if wanted.stop else []),
    ]


async def step(ctx: Ctx, payload: Mapping[str, Any]) -> None:
    """Decode the next portion and queue the one after it; the last one ends the work."""
    wanted, work_id = _selection(payload), UUID(payload["work"])
    rows = await _portion(ctx, wanted, payload)
    if rows:
        states = await _decode(ctx, [processing.Work(row.id, canonical(row), again=True) for row in rows])
        failed = sum(state is not MessageState.DONE for state in states.values())
        await advance_work(ctx, work_id, done=len(rows) - failed, failed=failed)
    if len(rows) < _STEP:
        await finish_work(ctx, work_id)
        return
    await ctx.enqueue(
        STEP.name, _payload(wanted, work_id, until=datetime.fromisoformat(payload["until"]), after=rows[-1].id)
    )


async def _portion(ctx: Ctx, wanted: Selection, payload: Mapping[str, Any]) -> Sequence[StoredMessage]:
    after = [StoredMessage.id > UUID(payload["after"])] if payload["after"] else []
    rows = await ctx.session.scalars(
        select(StoredMessage)
        .where(
            *_conditions(wanted),
            # What comes in while the work goes on is decoded by today's codec anyway.
            StoredMessage.received_at <= datetime.fromisoformat(payload["until"]),
            *after,
        )
        .order_by(StoredMessage.id)
        .limit(_STEP)
    )
    return rows.all()


async def _decode(ctx: Ctx, batch: Sequence[processing.Work]) -> Mapping[UUID, MessageState]:
    devices = await registry.load(ctx.session, processing.euis_of(batch))
    evaluated = await processing.evaluate(ctx.scope, codec_pool(ctx.scope), devices, batch)
    await processing.write(ctx, evaluated)
    return evaluated.states


def _payload(wanted: Selection, work_id: UUID, *, until: datetime, after: UUID | None) -> dict[str, Any]:
    def text(value: object) -> str | None:
        return value.isoformat() if isinstance(value, datetime) else str(value) if value is not None else None

    return {
        "work": str(work_id),
        "codec": text(wanted.codec_id),
        "profile": text(wanted.profile_id),
        "device": text(wanted.device_id),
        "start": text(wanted.start),
        "stop": text(wanted.stop),
        "only_failed": wanted.only_failed,
        "until": until.isoformat(),
        "after": text(after),
    }


def _selection(payload: Mapping[str, Any]) -> Selection:
    def identifier(name: str) -> UUID | None:
        return UUID(payload[name]) if payload[name] else None

    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(payload[name]) if payload[name] else None

    return Selection(
        codec_id=identifier("codec"),
        profile_id=identifier("profile"),
        device_id=identifier("device"),
        start=moment("start"),
        stop=moment("stop"),
        only_failed=payload["only_failed"],
    )


STEP = Task("lorawan.redecode_step", step)
