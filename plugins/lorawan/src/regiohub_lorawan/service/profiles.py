"""Changing device profiles: what is changed holds for all devices of the kind, from now on."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, insert, select, update

from regiohub.api import Conflict, Ctx, NotFound, t, uuid7
from regiohub_lorawan.errors import AlreadyThere
from regiohub_lorawan.models import Codec, Datastream, Device, Mapping, Observation, Profile
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service.catalogue import MappingPlan, check_plan, columns_of, required
from regiohub_lorawan.service.devices import next_series


async def update_profile(
    ctx: Ctx, profile_id: UUID, *, name: str, codec_id: UUID, manufacturer: str | None = None, model: str | None = None
) -> Profile:
    """Rename a profile or give it another codec. Raises NotFound, AlreadyThere or InvalidInput."""
    ctx.require(MANAGE)
    profile = await find(ctx, profile_id)
    name = required(name, "name")
    if await ctx.session.scalar(select(Profile.id).where(Profile.name == name, Profile.id != profile_id)):
        raise AlreadyThere(t("Dieses Geräteprofil gibt es schon.", "This device profile exists already."), field="name")
    if await ctx.session.find(Codec, codec_id) is None:
        raise NotFound(field="codecId")
    before = {"name": profile.name, "codec": str(profile.codec_id)}
    profile.name, profile.codec_id = name, codec_id
    profile.manufacturer, profile.model = (manufacturer or "").strip() or None, (model or "").strip() or None
    after = {"name": name, "codec": str(codec_id)}
    await ctx.audit("lorawan.update_profile", kind="profile", id=str(profile_id), before=before, after=after)
    return profile


async def save_mapping(ctx: Ctx, profile_id: UUID, plan: MappingPlan) -> Mapping:
    """Add the value at a path, or change what it means; the series of all devices of the profile follow.

    Values that are stored already keep their numbers and marks; decode again to judge them anew. Raises NotFound,
    InvalidPath, UnknownUnit, InvalidInput, or Conflict for another unit where values are stored in the old one.
    """
    ctx.require(MANAGE)
    await find(ctx, profile_id)
    plan = replace(plan, path=plan.path.strip())
    check_plan(plan)
    mapping = await ctx.session.scalar(
        select(Mapping).where(Mapping.profile_id == profile_id, Mapping.path == plan.path)
    )
    if mapping is None:
        mapping = Mapping(id=uuid7(), profile_id=profile_id, **columns_of(plan))
        ctx.session.add(mapping)
        await _add_series(ctx, profile_id, plan)
    else:
        if mapping.unit != plan.unit and await _holds_values(ctx, profile_id, plan.path):
            words = t(
                "Zu diesem Wert gibt es schon Messwerte in der bisherigen Einheit. Bitte einen neuen Pfad anlegen.",
                "Values in the present unit are stored already. Please add a new path.",
            )
            raise Conflict(words, field="unit")
        columns = columns_of(plan)
        for name, value in columns.items():
            setattr(mapping, name, value)
        await ctx.session.execute(
            update(Datastream).where(*_series_of(profile_id, plan.path)).values(**columns, updated_at=ctx.now())
        )
    await ctx.session.flush()
    await _set_intervals(ctx, profile_id)
    await ctx.audit(
        "lorawan.save_mapping", kind="profile", id=str(profile_id), after={"path": plan.path, "unit": plan.unit}
    )
    return mapping


async def remove_mapping(ctx: Ctx, profile_id: UUID, path: str) -> Profile:
    """Remove a value of a profile, with its empty series. Raises NotFound, or Conflict where values are stored."""
    ctx.require(MANAGE)
    profile = await find(ctx, profile_id)
    mapping = await ctx.session.scalar(select(Mapping).where(Mapping.profile_id == profile_id, Mapping.path == path))
    if mapping is None:
        raise NotFound(field="path")
    if await _holds_values(ctx, profile_id, path):
        words = t(
            "Zu diesem Wert gibt es schon Messwerte; er kann nicht mehr entfernt werden.",
            "Values are stored already; it cannot be removed any more.",
        )
        raise Conflict(words, field="path")
    for row in await ctx.session.scalars(select(Datastream).where(*_series_of(profile_id, path))):
        await ctx.session.delete(row)
    await ctx.session.delete(mapping)
    await ctx.session.flush()
    await _set_intervals(ctx, profile_id)
    await ctx.audit("lorawan.remove_mapping", kind="profile", id=str(profile_id), before={"path": path})
    return profile


async def find(ctx: Ctx, profile_id: UUID) -> Profile:
    """The profile. Raises NotFound."""
    profile = await ctx.session.find(Profile, profile_id)
    if profile is None:
        raise NotFound(field="id")
    return profile


def _series_of(profile_id: UUID, path: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Datastream.path == path,
        Datastream.device_id.in_(select(Device.id).where(Device.profile_id == profile_id)),
    )


async def _holds_values(ctx: Ctx, profile_id: UUID, path: str) -> bool:
    held = exists(
        select(Observation.ts).where(
            Observation.tenant_id == Datastream.tenant_id, Observation.series == Datastream.series
        )
    )
    found = await ctx.session.scalar(select(Datastream.id).where(*_series_of(profile_id, path), held).limit(1))
    return found is not None


async def _add_series(ctx: Ctx, profile_id: UUID, plan: MappingPlan) -> None:
    rows = (
        await ctx.session.execute(
            select(Device.id, Device.thing_id, Device.origin).where(Device.profile_id == profile_id).order_by(Device.id)
        )
    ).all()
    if not rows:
        return
    first, now = await next_series(ctx), ctx.now()
    common = {**columns_of(plan), "tenant_id": ctx.tenant.id, "created_at": now, "updated_at": now}
    await ctx.session.execute(
        insert(Datastream),
        [
            {**common, "id": uuid7(), "series": first + at, "device_id": id_, "thing_id": thing, "origin": origin}
            for at, (id_, thing, origin) in enumerate(rows)
        ],
    )


async def _set_intervals(ctx: Ctx, profile_id: UUID) -> None:
    """The devices' shortest expected interval, from their series."""
    shortest = (
        select(func.min(Datastream.expected_interval_s))
        .where(and_(Datastream.tenant_id == Device.tenant_id, Datastream.device_id == Device.id))
        .scalar_subquery()
    )
    await ctx.session.execute(
        update(Device)
        .where(Device.profile_id == profile_id)
        .values(expected_interval_s=shortest)
        .execution_options(synchronize_session=False)
    )
