"""Registering codecs and device profiles, and trying a codec out."""

import hashlib
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, InvalidInput, NotFound, TenantScope, t, uuid7
from regiohub_lorawan.codec.result import CodecKey, DecodeInput
from regiohub_lorawan.errors import AlreadyThere
from regiohub_lorawan.formats import cayenne
from regiohub_lorawan.formats.reading import JsonValue
from regiohub_lorawan.mapping.paths import parse_path
from regiohub_lorawan.mapping.units import unit
from regiohub_lorawan.models import Codec, CodecVersion, Mapping, Profile
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service.decoding import Decoded, from_result
from regiohub_lorawan.service.pipeline import codec_pool

MOST_SOURCE = 262_144


@dataclass(frozen=True, slots=True)
class MappingPlan:
    """A mapping to be made: decoded path, observed property, title, UCUM unit, plausible range, expected interval."""

    path: str
    observed_property: str
    title: str
    unit: str
    minimum: float | None = None
    maximum: float | None = None
    expected_interval_s: int | None = None


async def create_codec(ctx: Ctx, name: str, kind: CodecKind, source: str | None, note: str | None) -> Codec:
    """Register a codec. JavaScript needs source text, the other kinds have none. Raises InvalidInput, AlreadyThere."""
    ctx.require(MANAGE)
    name = required(name, "name")
    if await ctx.session.scalar(select(Codec.id).where(Codec.name == name)):
        raise AlreadyThere(t("Diesen Decoder gibt es schon.", "This codec exists already."), field="name")
    script = kind is CodecKind.JAVASCRIPT
    if script != bool(source and source.strip()):
        words = t("Nur JavaScript-Decoder haben Quelltext.", "JavaScript codecs, and only they, have source text.")
        raise InvalidInput(words, field="source")
    codec = Codec(id=uuid7(), name=name, kind=kind, current_version=int(script))
    ctx.session.add(codec)
    await ctx.session.flush()
    if source is not None and script:
        _add_version(ctx, codec, source, note)
    await ctx.audit("lorawan.create_codec", kind="codec", id=str(codec.id), after={"name": name, "kind": kind.value})
    return codec


async def update_codec(ctx: Ctx, codec_id: UUID, source: str, note: str | None) -> Codec:
    """Add a version and make it the current one. Old versions stay; decode history again to apply it backwards."""
    ctx.require(MANAGE)
    codec = await ctx.session.find(Codec, codec_id)
    if codec is None:
        raise NotFound(field="id")
    if codec.kind is not CodecKind.JAVASCRIPT or not source.strip():
        words = t("Nur JavaScript-Decoder haben Quelltext.", "JavaScript codecs, and only they, have source text.")
        raise InvalidInput(words, field="source")
    before = codec.current_version
    codec.current_version = before + 1
    _add_version(ctx, codec, source, note)
    await ctx.audit(
        "lorawan.update_codec",
        kind="codec",
        id=str(codec.id),
        before={"version": before},
        after={"version": codec.current_version},
    )
    return codec


def _add_version(ctx: Ctx, codec: Codec, source: str, note: str | None) -> None:
    # Forms of browsers send line ends of two characters.
    source = source.replace("\r\n", "\n")
    if len(source) > MOST_SOURCE:
        words = t(f"Höchstens {MOST_SOURCE} Zeichen Quelltext.", f"At most {MOST_SOURCE} characters of source text.")
        raise InvalidInput(words, field="source")
    ctx.session.add(
        CodecVersion(
            id=uuid7(), codec_id=codec.id, version=codec.current_version, source=source, note=note, created_at=ctx.now()
        )
    )


async def create_profile(
    ctx: Ctx,
    name: str,
    codec_id: UUID,
    mappings: Sequence[MappingPlan],
    *,
    manufacturer: str | None = None,
    model: str | None = None,
) -> Profile:
    """Register a kind of device. Raises InvalidInput for a bad path, unit or range, NotFound for the codec."""
    ctx.require(MANAGE)
    name = required(name, "name")
    if await ctx.session.scalar(select(Profile.id).where(Profile.name == name)):
        raise AlreadyThere(t("Dieses Geräteprofil gibt es schon.", "This device profile exists already."), field="name")
    if await ctx.session.find(Codec, codec_id) is None:
        raise NotFound(field="codecId")
    if not mappings:
        raise InvalidInput(t("Mindestens ein Messwert ist nötig.", "At least one value is needed."), field="mappings")
    for plan in mappings:
        check_plan(plan)
    if len({plan.path for plan in mappings}) < len(mappings):
        raise InvalidInput(t("Ein Pfad steht zweimal da.", "A path stands there twice."), field="mappings")
    profile = Profile(id=uuid7(), name=name, manufacturer=manufacturer, model=model, codec_id=codec_id)
    ctx.session.add(profile)
    await ctx.session.flush()
    ctx.session.add_all([Mapping(id=uuid7(), profile_id=profile.id, **columns_of(plan)) for plan in mappings])
    await ctx.audit("lorawan.create_profile", kind="profile", id=str(profile.id), after={"name": name})
    return profile


async def profile_names(ctx: Ctx) -> list[tuple[UUID, str]]:
    """Ids and names of all profiles, by name."""
    rows = await ctx.session.execute(select(Profile.id, Profile.name).order_by(Profile.name))
    return [(id_, name) for id_, name in rows.all()]


async def codec_names(ctx: Ctx) -> list[tuple[UUID, str]]:
    """Ids and names of all codecs, by name."""
    rows = await ctx.session.execute(select(Codec.id, Codec.name).order_by(Codec.name))
    return [(id_, name) for id_, name in rows.all()]


def check_plan(plan: MappingPlan) -> None:
    """Raise InvalidPath, UnknownUnit or InvalidInput for a mapping that cannot work."""
    parse_path(plan.path)
    unit(plan.unit)
    required(plan.observed_property, "observedProperty")
    required(plan.title, "title")
    if plan.minimum is not None and plan.maximum is not None and plan.minimum > plan.maximum:
        raise InvalidInput(t("Das Minimum ist größer als das Maximum.", "Minimum exceeds maximum."), field="minimum")
    if plan.expected_interval_s is not None and not 1 <= plan.expected_interval_s <= 31_536_000:
        words = t("Der Abstand muss zwischen einer Sekunde und einem Jahr liegen.", "From one second to one year.")
        raise InvalidInput(words, field="expectedIntervalS")


def columns_of(plan: MappingPlan) -> dict[str, Any]:
    """The columns that a mapping and its series have in common."""
    return {name: getattr(plan, name) for name in plan.__slots__}


def required(value: str, field: str, *, most: int = 200) -> str:
    """The text without surrounding blanks. Raises InvalidInput when nothing is left or too much is there."""
    value = value.strip()
    if not 1 <= len(value) <= most:
        raise InvalidInput(
            t(f"Bitte 1 bis {most} Zeichen angeben.", f"Please give 1 to {most} characters."), field=field
        )
    return value


async def try_codec(
    scope: TenantScope, kind: CodecKind, source: str, payload: bytes, f_port: int, variables: MappingOf[str, str]
) -> tuple[Decoded, tuple[str, ...]]:
    """Run a codec against a payload without storing anything. Returns the result and the codec's warnings."""
    if kind is CodecKind.CAYENNE_LPP:
        data: dict[str, JsonValue] = cayenne.decode(payload)
        return Decoded(data), ()
    # A key of its own per text: an author's endless loop must not suspend anything but itself.
    key = CodecKey(scope.tenant.id, "trial:" + hashlib.sha256(source.encode()).hexdigest()[:32], 0)
    inputs = [DecodeInput(payload, f_port, scope.now().isoformat(), variables)]
    (result,) = await codec_pool(scope).decode(key, source, inputs, fresh=True)
    return from_result(result), result.warnings
