"""What the plugin holds, shown at the measures that switch it on."""

from collections.abc import Sequence

from sqlalchemy import func, select

from regiohub.api import Ctx, Link, t
from regiohub_lorawan.models import Datastream, Device


async def links(ctx: Ctx) -> Sequence[Link]:
    """Numbers of sensors and of series."""
    devices = await ctx.session.scalar(select(func.count()).select_from(Device)) or 0
    streams = await ctx.session.scalar(select(func.count()).select_from(Datastream)) or 0
    return (
        Link("device", t("Sensoren", "Sensors"), devices, "/lorawan/datastreams.csv"),
        Link("datastream", t("Messreihen", "Series of values"), streams, "/lorawan/datastreams.csv"),
    )
