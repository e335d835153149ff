"""Codecs and device profiles."""

from datetime import datetime
from typing import cast
from uuid import UUID

from regiohub.api import JSON, Ctx, column, input_type, mutation, value
from regiohub_lorawan.graphql.device_mutations import VariableInput
from regiohub_lorawan.graphql.enums import CodecKind
from regiohub_lorawan.graphql.types import CodecType, DeviceProfileType
from regiohub_lorawan.models import Codec, Profile
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import catalogue, redecoding, trials
from regiohub_lorawan.service.catalogue import MappingPlan


@input_type
class CreateCodecInput:
    """A codec to be registered."""

    name: str = column("Name.")
    kind: CodecKind = column("Who decodes.")
    source: str | None = column(
        "The script, for JavaScript: `decodeUplink(input)` or `Decoder(bytes, port)`.", default=None
    )
    note: str | None = column("Where it comes from.", default=None)


@input_type
class UpdateCodecInput:
    """A new version of a codec."""

    codec_id: UUID = column("The codec.")
    source: str = column("The whole script.")
    note: str | None = column("What was changed.", default=None)


@input_type
class MappingInput:
    """What a decoded path means."""

    path: str = column("Path into the decoded object, such as `temperature` or `probes[0].value`.")
    observed_property: str = column("The property observed, a stable word such as `air_temperature`.")
    title: str = column("Its name for readers.")
    unit: str = column("Unit as a UCUM symbol, such as `Cel`, `%`, `ug/m3` or `{people}`.")
    minimum: float | None = column("Smallest plausible value.", default=None)
    maximum: float | None = column("Largest plausible value.", default=None)
    expected_interval_s: int | None = column("Seconds between two values, if they come regularly.", default=None)


@input_type
class CreateDeviceProfileInput:
    """A kind of device to be registered."""

    name: str = column("Name.")
    codec_id: UUID = column("How its payloads are decoded.")
    mappings: list[MappingInput] = column("What its values mean.")
    manufacturer: str | None = column("Maker.", default=None)
    model: str | None = column("The maker's name for it.", default=None)


@input_type
class TestCodecInput:
    """A codec to be tried out."""

    source: str | None = column("The script; not for Cayenne LPP.", default=None)
    kind: CodecKind = column("Who decodes: JavaScript or Cayenne LPP.", default=CodecKind.JAVASCRIPT)
    payload_hex: str = column("The payload as hexadecimal digits; base64 is understood too.")
    f_port: int = column("LoRaWAN port.", default=1)
    variables: list[VariableInput] | None = column("Values of the device that the script can read.", default=None)


@input_type
class RedecodeHistoryInput:
    """Which stored messages are decoded again; exactly one of codec, profile and device is named."""

    codec_id: UUID | None = column("All devices with this codec.", default=None)
    profile_id: UUID | None = column("All devices of this profile.", default=None)
    device_id: UUID | None = column("This device only.", default=None)
    from_: datetime | None = column("First moment.", default=None, name="from")
    to: datetime | None = column("First moment after the span.", default=None)
    only_failed: bool = column("Only messages that could not be decoded.", default=False)


@value
class CodecTrial:
    """What a codec made of a payload."""

    data: JSON | None = column("The decoded object; null if there is none.")
    warnings: list[str] = column("What the codec warns of.")
    error_code: str | None = column("Code of what went wrong, if anything.")
    error_text: str | None = column("The same in words.")
    line: int | None = column("Line of the script in which it failed, where the engine tells.")
    milliseconds: float = column("How long it took by the clock, sandbox included.")


@value
class Redecoding:
    """Messages that are being decoded again."""

    messages: int = column("How many.")
    work_id: UUID = column("The work whose progress can be watched.")


@mutation("Registers a codec.", permission=MANAGE, returns="codec")
async def create_codec(ctx: Ctx, input: CreateCodecInput) -> CodecType:
    """See the service."""
    made: Codec = await catalogue.create_codec(ctx, input.name, input.kind, input.source, input.note)
    return made  # type: ignore[return-value]


@mutation("Adds a version to a codec and uses it from now on.", permission=MANAGE, returns="codec")
async def update_codec(ctx: Ctx, input: UpdateCodecInput) -> CodecType:
    """See the service."""
    made: Codec = await catalogue.update_codec(ctx, input.codec_id, input.source, input.note)
    return made  # type: ignore[return-value]


@mutation("Registers a kind of device.", permission=MANAGE, returns="device_profile")
async def create_device_profile(ctx: Ctx, input: CreateDeviceProfileInput) -> DeviceProfileType:
    """See the service."""
    plans = [MappingPlan(**{name: getattr(item, name) for name in MappingPlan.__slots__}) for item in input.mappings]
    made: Profile = await catalogue.create_profile(
        ctx, input.name, input.codec_id, plans, manufacturer=input.manufacturer, model=input.model
    )
    return made  # type: ignore[return-value]


@mutation("Runs a codec against a payload; nothing is stored.", permission=MANAGE, returns="trial")
async def test_codec(ctx: Ctx, input: TestCodecInput) -> CodecTrial:
    """A failing codec is a result here, not an error of the call."""
    # A trial belongs to no unit of work, so that its function cannot ask.
    ctx.require(MANAGE)
    payload = trials.payload_of(input.payload_hex, "payloadHex")
    variables = {item.name: item.value for item in input.variables or ()}
    trial = await trials.run(ctx.scope, input.kind, input.source or "", payload, input.f_port, variables)
    error = trial.error
    return CodecTrial(  # type: ignore[call-arg]
        data=cast(JSON, None if error else dict(trial.data)),
        warnings=list(trial.warnings),
        error_code=error and error.code,
        error_text=error and error.message.get(ctx.locale),
        line=trial.line,
        milliseconds=round(trial.milliseconds, 3),
    )


@mutation("Decodes stored messages again with the codec's current version.", permission=MANAGE, returns="redecoding")
async def redecode_history(ctx: Ctx, input: RedecodeHistoryInput) -> Redecoding:
    """It happens in the background; values and rollups follow."""
    wanted = redecoding.Selection(
        codec_id=input.codec_id,
        profile_id=input.profile_id,
        device_id=input.device_id,
        start=input.from_,
        stop=input.to,
        only_failed=input.only_failed,
    )
    work = await redecoding.begin(ctx, wanted)
    return Redecoding(messages=work.total, work_id=work.id)  # type: ignore[call-arg]


MUTATIONS = (create_codec, update_codec, create_device_profile, test_codec, redecode_history)
