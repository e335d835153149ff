"""What is written down about the connection to the town's message broker."""

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.models import BrokerLink

MQTT = "mqtt"
_MOST_DETAIL = 300


async def note(scope: TenantScope, *, connected: bool, detail: str | None = None) -> None:
    """Write down that the connection stands or not; ``detail`` says why not."""

    async def work(ctx: Ctx) -> None:
        row = {
            "name": MQTT,
            "connected": connected,
            "changed_at": ctx.now(),
            "detail": detail[:_MOST_DETAIL] if detail else None,
        }
        await ctx.session.upsert(BrokerLink, [row], key=("name",), update=("connected", "changed_at", "detail"))

    await scope.run(work)
