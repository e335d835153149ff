"""Commands to try, printed when the demo starts."""

import base64
from collections.abc import Sequence

from sqlalchemy import and_, select

from regiohub.api import DemoHint, TenantScope, t
from regiohub_lorawan.demo import key
from regiohub_lorawan.demo.kinds import KINDS
from regiohub_lorawan.models import Device, Profile


async def hints(scope: TenantScope) -> Sequence[DemoHint]:
    """One uplink of an example climate sensor (25.5 °C, 40 %), ready to be sent; each call is a new one."""
    secret, kind = key.read(key.file_of(scope)), KINDS["climate"]
    async with scope.read() as ctx:
        eui = await ctx.session.scalar(
            select(Device.dev_eui)
            .join(Profile, and_(Profile.tenant_id == Device.tenant_id, Profile.id == Device.profile_id))
            .where(Profile.name == f"{kind.title} (Beispiel)")
            .order_by(Device.dev_eui)
            .limit(1)
        )
    if eui is None or secret is None:
        return ()
    data = base64.b64encode(kind.pack((25.5, 40.0))).decode()
    command = (
        "curl -sS -X POST '{town}/lorawan/ingest/chirpstack?event=up'"
        f" -H 'Authorization: Bearer {secret}'"
        ' -d "{\\"deviceInfo\\": {\\"devEui\\": \\"'
        + eui
        + '\\"}, \\"fCnt\\": $RANDOM, \\"fPort\\": 1, \\"data\\": \\"'
        + data
        + '\\"}"'
    )
    return (DemoHint(t("Einen Messwert senden", "Send a measured value"), command),)
