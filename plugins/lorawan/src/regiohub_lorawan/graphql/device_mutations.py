"""Registering devices and gateways, keys for network servers."""

from uuid import UUID

from regiohub.api import Ctx, GeoJSON, column, input_type, mutation, value
from regiohub_lorawan.graphql.enums import Origin
from regiohub_lorawan.graphql.types import DeviceType, GatewayType, IngestKeyType
from regiohub_lorawan.models import Device, Gateway, IngestCredential
from regiohub_lorawan.permissions import KEYS, MANAGE
from regiohub_lorawan.service import credentials, devices


@input_type
class VariableInput:
    """A device's own value that its codec can read."""

    name: str = column("Name.")
    value: str = column("Value.")


@input_type
class RegisterDeviceInput:
    """A device to be registered."""

    dev_eui: str = column("Its identifier in the radio network: 16 hexadecimal digits.")
    name: str = column("Name.")
    profile_id: UUID = column("What kind of device it is.")
    thing_id: UUID | None = column("What it observes; without it a thing of the device's name is made.", default=None)
    place: GeoJSON | None = column("Where that new thing is.", default=None)
    origin: Origin = column("Who runs it.", default=Origin.OFFICIAL)
    variables: list[VariableInput] | None = column("Values that its codec can read.", default=None)


@input_type
class RegisterGatewayInput:
    """A gateway to be registered or named."""

    gateway_id: str = column("Its identifier in the radio network.")
    name: str = column("Name.")
    place: GeoJSON | None = column("Where it is.", default=None)


@value
class NewIngestKey:
    """A key just made."""

    entry: IngestKeyType = column("What is kept of it.")
    key: str = column("The key itself: shown now and never again.")


@mutation("Registers a sensor, with one datastream per value of its profile.", permission=MANAGE, returns="device")
async def register_device(ctx: Ctx, input: RegisterDeviceInput) -> DeviceType:
    """Messages that came before the registration are evaluated now."""
    plan = devices.DevicePlan(
        dev_eui=input.dev_eui,
        name=input.name,
        profile_id=input.profile_id,
        thing_id=input.thing_id,
        place=input.place,
        origin=input.origin,
        variables={item.name: item.value for item in input.variables or ()},
    )
    made: Device = await devices.register_device(ctx, plan)
    return made  # type: ignore[return-value]


@mutation("Registers a gateway, or names one that was noticed.", permission=MANAGE, returns="gateway")
async def register_gateway(ctx: Ctx, input: RegisterGatewayInput) -> GatewayType:
    """See the service."""
    made: Gateway = await devices.register_gateway(ctx, input.gateway_id, input.name, input.place)
    return made  # type: ignore[return-value]


@mutation(
    "Makes a key with which a network server may send messages.",
    permission=KEYS,
    returns="ingest_key",
    args={"label": "What the key is for."},
)
async def create_ingest_key(ctx: Ctx, label: str) -> NewIngestKey:
    """The key is shown in this answer only."""
    made = await credentials.create_key(ctx, label)
    return NewIngestKey(entry=made.credential, key=made.key)  # type: ignore[call-arg]


@mutation("Withdraws a key.", permission=KEYS, returns="ingest_key")
async def revoke_ingest_key(ctx: Ctx, id: UUID) -> IngestKeyType:
    """It stops working within ten seconds."""
    made: IngestCredential = await credentials.revoke_key(ctx, id)
    return made  # type: ignore[return-value]


MUTATIONS = (register_device, register_gateway, create_ingest_key, revoke_ingest_key)
