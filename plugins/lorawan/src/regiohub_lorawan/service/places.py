"""Where devices and gateways are, as light rows for a map of thousands."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, select

from regiohub.api import Ctx
from regiohub_lorawan.models import Device, Gateway, Thing


def devices_statement() -> Select[*tuple[Any, ...]]:
    """Rows with id, name, silent_since, error_code, last_seen_at, thing and place of each device that has a place."""
    return (
        select(
            Device.id,
            Device.name,
            Device.silent_since,
            Device.error_code,
            Device.last_seen_at,
            Thing.name.label("thing"),
            Thing.place,
        )
        .join(Thing, and_(Thing.tenant_id == Device.tenant_id, Thing.id == Device.thing_id))
        .where(Thing.place.is_not(None))
    )


async def devices(ctx: Ctx) -> Sequence[Row[*tuple[Any, ...]]]:
    """All of them, in the order of their names."""
    return (await ctx.session.execute(devices_statement().order_by(Device.name))).all()


async def gateways(ctx: Ctx) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows with id, gateway_id, name, last_seen_at and place of each gateway that has a place."""
    rows = await ctx.session.execute(
        select(Gateway.id, Gateway.gateway_id, Gateway.name, Gateway.last_seen_at, Gateway.place)
        .where(Gateway.place.is_not(None))
        .order_by(Gateway.name)
    )
    return rows.all()
