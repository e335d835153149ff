"""Trying codecs out: one payload, or all that are kept with the codec. Nothing of a trial is stored."""

import base64
import binascii
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, DomainError, InvalidInput, NotFound, TenantScope, t, uuid7
from regiohub_lorawan.errors import AlreadyThere
from regiohub_lorawan.formats.reading import JsonValue
from regiohub_lorawan.models import Codec, CodecExample
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service.catalogue import required, try_codec

MOST_PAYLOAD = 512
MOST_EXAMPLES = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """What a codec made of a payload: data or an error, warnings, milliseconds by the clock."""

    data: Mapping[str, JsonValue]
    error: DomainError | None
    warnings: tuple[str, ...]
    milliseconds: float

    @property
    def line(self) -> int | None:
        """Line of the codec in which it failed, counted from 1, where the engine tells."""
        return self.error.details.get("line") if self.error else None


@dataclass(frozen=True, slots=True)
class ExamplePlan:
    """A payload to be kept with a codec."""

    name: str
    payload: bytes
    f_port: int


def payload_of(text: str, field: str = "payload") -> bytes:
    """The bytes that hexadecimal digits (blanks and separators allowed) or base64 stand for. Raises InvalidInput.

    What can be read both ways is hexadecimal: network servers show base64 with letters beyond F or with padding.
    """
    plain = "".join(text.replace(":", " ").replace("-", " ").split()).removeprefix("0x")
    try:
        found = binascii.unhexlify(plain)
    except (binascii.Error, ValueError):
        try:
            found = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            words = t(
                "Die Nutzlast besteht weder aus hexadezimalen Ziffern noch ist sie Base64.",
                "The payload is neither hexadecimal digits nor base64.",
            )
            raise InvalidInput(words, field=field) from error
    if len(found) > MOST_PAYLOAD:
        words = t(f"Höchstens {MOST_PAYLOAD} Bytes Nutzlast.", f"At most {MOST_PAYLOAD} bytes of payload.")
        raise InvalidInput(words, field=field)
    return found


def check_port(f_port: int) -> int:
    """The LoRaWAN port. Raises InvalidInput beyond 0 to 255."""
    if not 0 <= f_port <= 255:
        raise InvalidInput(t("Der Port liegt zwischen 0 und 255.", "The port lies between 0 and 255."), field="fPort")
    return f_port


async def run(
    scope: TenantScope,
    kind: CodecKind,
    source: str,
    payload: bytes,
    f_port: int,
    variables: Mapping[str, str] | None = None,
) -> Trial:
    """Run a codec against one payload. A failing codec is a result, not an exception."""
    started = time.perf_counter()
    try:
        decoded, warnings = await try_codec(scope, kind, source, payload, check_port(f_port), variables or {})
    except InvalidInput as error:
        if error.field == "fPort":
            raise
        return Trial({}, error, (), _since(started))
    return Trial({} if decoded.error else decoded.data, decoded.error, warnings, _since(started))


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


async def examples(ctx: Ctx, codec_id: UUID) -> Sequence[CodecExample]:
    """The payloads kept with a codec, by name."""
    found = await ctx.session.scalars(
        select(CodecExample).where(CodecExample.codec_id == codec_id).order_by(CodecExample.name)
    )
    return found.all()


async def add_example(ctx: Ctx, codec_id: UUID, plan: ExamplePlan) -> CodecExample:
    """Keep a payload with a codec. Raises NotFound, AlreadyThere or InvalidInput."""
    ctx.require(MANAGE)
    if await ctx.session.find(Codec, codec_id) is None:
        raise NotFound(field="codecId")
    name, known = required(plan.name, "name", most=100), await examples(ctx, codec_id)
    if any(row.name == name for row in known):
        raise AlreadyThere(t("Diesen Namen gibt es schon.", "This name exists already."), field="name")
    if len(known) >= MOST_EXAMPLES:
        words = t(f"Höchstens {MOST_EXAMPLES} Testnachrichten.", f"At most {MOST_EXAMPLES} test payloads.")
        raise InvalidInput(words, field="name")
    row = CodecExample(id=uuid7(), codec_id=codec_id, name=name, payload=plan.payload, f_port=check_port(plan.f_port))
    ctx.session.add(row)
    await ctx.audit("lorawan.add_codec_example", kind="codec", id=str(codec_id), after={"name": name})
    return row


async def remove_example(ctx: Ctx, example_id: UUID) -> CodecExample:
    """Forget a payload. Raises NotFound."""
    ctx.require(MANAGE)
    row = await ctx.session.find(CodecExample, example_id)
    if row is None:
        raise NotFound(field="id")
    await ctx.session.delete(row)
    await ctx.audit("lorawan.remove_codec_example", kind="codec", id=str(row.codec_id), before={"name": row.name})
    return row
