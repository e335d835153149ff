"""The same small stock in every town: 12 things of 3 owners, with loans and readings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from regiohub.api import TenantScope

from .models import Loan, Owner, Reading, Thing, ThingKind

NAMES = ("anvil", "ball", "cart", "drill", "easel", "flute", "globe", "hammer", "iron", "jack", "kite", "ladder")
SECRET = "the key is under the mat"


async def stock(scope: TenantScope) -> None:
    """Thing number n has n loans (day after day, from now on), a rank unless n is a multiple of 4, and 3 readings."""
    async with scope.write() as ctx:
        owners = [Owner(name=f"{ctx.tenant.slug} owner {n}", phone="123") for n in range(3)]
        ctx.session.add_all(owners)
        await ctx.session.flush()
        for n, name in enumerate(NAMES):
            thing = Thing(
                name=name, kind=ThingKind.TOY if n % 3 == 1 else ThingKind.TOOL, rank=None if n % 4 == 0 else n // 2,
                price=Decimal(n) / 4, secret=SECRET, hidden=name == "ladder", owner_id=owners[n % 3].id,
                place={"type": "Point", "coordinates": [13.0 + n / 100, 52.4]} if n else None,
            )  # fmt: skip
            ctx.session.add(thing)
            await ctx.session.flush()
            for day in range(n):
                start = ctx.now() + timedelta(days=day)
                ctx.session.add(
                    Loan(thing_id=thing.id, starts_at=start, ends_at=start + timedelta(hours=8), counts=True)
                )
            for hour in range(3):
                at = ctx.now() - timedelta(hours=hour)
                ctx.session.add(Reading(thing_id=thing.id, at=at, value=n + hour / 10))
