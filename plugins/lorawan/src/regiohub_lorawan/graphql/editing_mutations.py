"""Changing and removing what is registered: devices, profiles with their mappings, payloads kept with codecs."""

from uuid import UUID

from regiohub.api import Ctx, GeoJSON, column, input_type, mutation
from regiohub_lorawan.graphql.catalogue_mutations import MappingInput
from regiohub_lorawan.graphql.device_mutations import VariableInput
from regiohub_lorawan.graphql.enums import Origin
from regiohub_lorawan.graphql.types import CodecExampleType, DeviceProfileType, DeviceType, MappingType
from regiohub_lorawan.models import CodecExample, Device, Mapping, Profile
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import editing, profiles, trials
from regiohub_lorawan.service.catalogue import MappingPlan
from regiohub_lorawan.service.editing import DeviceChange
from regiohub_lorawan.service.trials import ExamplePlan


@input_type
class UpdateDeviceInput:
    """A device as it shall be."""

    device_id: UUID = column("The device.")
    name: str = column("Name.")
    origin: Origin = column("Who runs it.")
    place: GeoJSON | None = column("Where the thing is that it observes.", default=None)
    description: str | None = column("What is observed there.", default=None)
    variables: list[VariableInput] | None = column("Values that its codec can read.", default=None)


@input_type
class UpdateDeviceProfileInput:
    """A kind of device as it shall be."""

    profile_id: UUID = column("The profile.")
    name: str = column("Name.")
    codec_id: UUID = column("How its payloads are decoded.")
    manufacturer: str | None = column("Maker.", default=None)
    model: str | None = column("The maker's name for it.", default=None)


@input_type
class SaveMappingInput:
    """A value of a profile, found by its path."""

    profile_id: UUID = column("The profile.")
    mapping: MappingInput = column("What stands at the path.")


@input_type
class RemoveMappingInput:
    """A value of a profile that no series holds values of yet."""

    profile_id: UUID = column("The profile.")
    path: str = column("Its path.")


@input_type
class AddCodecExampleInput:
    """A payload to be kept with a codec."""

    codec_id: UUID = column("The codec.")
    name: str = column("Name.")
    payload: str = column("The payload: hexadecimal digits or base64.")
    f_port: int = column("LoRaWAN port.", default=1)


@mutation("Changes name, place, origin and variables of a sensor.", permission=MANAGE, returns="device")
async def update_device(ctx: Ctx, input: UpdateDeviceInput) -> DeviceType:
    """See the service."""
    change = DeviceChange(
        name=input.name,
        origin=input.origin,
        place=input.place,
        description=input.description,
        variables={item.name: item.value for item in input.variables or ()},
    )
    made: Device = await editing.update_device(ctx, input.device_id, change)
    return made  # type: ignore[return-value]


@mutation("Removes a sensor with its series and all their values.", permission=MANAGE)
async def remove_device(ctx: Ctx, id: UUID) -> None:
    """Messages stay as long as the town keeps messages."""
    await editing.remove_device(ctx, id)


@mutation("Changes a kind of device.", permission=MANAGE, returns="device_profile")
async def update_device_profile(ctx: Ctx, input: UpdateDeviceProfileInput) -> DeviceProfileType:
    """See the service."""
    made: Profile = await profiles.update_profile(
        ctx,
        input.profile_id,
        name=input.name,
        codec_id=input.codec_id,
        manufacturer=input.manufacturer,
        model=input.model,
    )
    return made  # type: ignore[return-value]


@mutation("Adds a value to a profile, or changes what it means.", permission=MANAGE, returns="mapping")
async def save_mapping(ctx: Ctx, input: SaveMappingInput) -> MappingType:
    """The series of all devices of the profile follow."""
    plan = MappingPlan(**{name: getattr(input.mapping, name) for name in MappingPlan.__slots__})
    made: Mapping = await profiles.save_mapping(ctx, input.profile_id, plan)
    return made  # type: ignore[return-value]


@mutation("Removes a value of a profile, with its empty series.", permission=MANAGE, returns="device_profile")
async def remove_mapping(ctx: Ctx, input: RemoveMappingInput) -> DeviceProfileType:
    """Refused where values are stored."""
    made: Profile = await profiles.remove_mapping(ctx, input.profile_id, input.path)
    return made  # type: ignore[return-value]


@mutation("Keeps a payload with a codec, to try it with.", permission=MANAGE, returns="example")
async def add_codec_example(ctx: Ctx, input: AddCodecExampleInput) -> CodecExampleType:
    """See the service."""
    plan = ExamplePlan(input.name, trials.payload_of(input.payload), input.f_port)
    made: CodecExample = await trials.add_example(ctx, input.codec_id, plan)
    return made  # type: ignore[return-value]


@mutation("Forgets a payload that was kept with a codec.", permission=MANAGE)
async def remove_codec_example(ctx: Ctx, id: UUID) -> None:
    """See the service."""
    await trials.remove_example(ctx, id)


MUTATIONS = (
    update_device,
    remove_device,
    update_device_profile,
    save_mapping,
    remove_mapping,
    add_codec_example,
    remove_codec_example,
)
