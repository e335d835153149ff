"""Gives the second town rows with the ids of the first: whatever reads by id alone reads both."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from gq_shop.models import Loan, Owner, Reading, Thing

from regiohub.testing.world import World

MORE = 1000
"""What the second town's readings have more than the first's."""


async def make_twins(world: World, one: str = "potsdam", other: str = "bad-belzig") -> None:
    """Rows of `other` become those of `one`, with the same ids; each text in them names its town."""
    async with world.scope(one).read() as ctx:
        owners = list(await ctx.session.scalars(sa.select(Owner)))
        things = list(await ctx.session.scalars(sa.select(Thing)))
        loans = list(await ctx.session.scalars(sa.select(Loan)))
        readings = list(await ctx.session.scalars(sa.select(Reading)))
    async with world.scope(one).write() as ctx:
        for thing in await ctx.session.scalars(sa.select(Thing)):
            thing.name = f"{thing.name} {one}"
            thing.secret = f"secret of {one}"
    async with world.scope(other).write() as ctx:
        for model in (Reading, Loan, Thing, Owner):
            for row in await ctx.session.scalars(sa.select(model)):
                await ctx.session.delete(row)
            await ctx.session.flush()
        for owner in owners:
            ctx.session.add(Owner(id=owner.id, name=owner.name.replace(one, other), phone=f"{other} 456"))
        await ctx.session.flush()
        for thing in things:
            same = {
                name: getattr(thing, name) for name in ("id", "kind", "rank", "price", "hidden", "owner_id", "place")
            }
            ctx.session.add(Thing(name=f"{thing.name} {other}", secret=f"secret of {other}", **same))
        await ctx.session.flush()
        for loan in loans:
            later = timedelta(days=365)
            ctx.session.add(
                Loan(
                    id=loan.id, thing_id=loan.thing_id, starts_at=loan.starts_at + later, ends_at=loan.ends_at + later,
                    counts=True,
                )
            )  # fmt: skip
        for reading in readings:
            ctx.session.add(Reading(thing_id=reading.thing_id, at=reading.at, value=reading.value + MORE))
