"""From payload to decoded object, by whichever decoder the device's profile names."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from regiohub.api import DomainError, Text, t
from regiohub_lorawan.codec.pool import CodecPool
from regiohub_lorawan.codec.result import CodecKey, DecodeInput, DecodeResult, Failure
from regiohub_lorawan.errors import CodecFailed
from regiohub_lorawan.formats import cayenne
from regiohub_lorawan.formats.reading import JsonValue
from regiohub_lorawan.formats.uplink import Message
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.service.registry import Decoder, KnownDevice

_WORDS: dict[Failure, Text] = {
    Failure.TIMEOUT: t("Der Decoder brauchte zu lange.", "The codec took too long."),
    Failure.MEMORY: t("Der Decoder brauchte zu viel Speicher.", "The codec needed too much memory."),
    Failure.STACK: t("Der Decoder rief sich zu oft selbst auf.", "The codec called itself too often."),
    Failure.EXCEPTION: t("Der Decoder brach mit einem Fehler ab.", "The codec stopped with an error."),
    Failure.NO_FUNCTION: t("Dem Decoder fehlt die Funktion decodeUplink.", "The codec has no function decodeUplink."),
    Failure.OUTPUT: t("Der Decoder lieferte kein brauchbares Ergebnis.", "The codec gave no usable result."),
    Failure.REPORTED: t("Der Decoder meldete einen Fehler.", "The codec reported an error."),
    Failure.CRASHED: t("Der Decoder wurde beendet.", "The codec was ended."),
    Failure.SUSPENDED: t("Der Decoder ist kurz angehalten.", "The codec is suspended for a short while."),
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Data of one message, or why there is none. ``retry``: it was not the message's fault, try again later."""

    data: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    error: DomainError | None = None
    retry: bool = False


def codec_error(result: DecodeResult) -> CodecFailed:
    """A codec's failure with the words of the engine behind ours: they are for the codec's author."""
    assert result.failure is not None
    words, told = _WORDS[result.failure], "; ".join(result.errors)
    if result.line is not None:
        words = Text(f"{words.de[:-1]} in Zeile {result.line}.", f"{words.en[:-1]} in line {result.line}.")
    error = CodecFailed(
        Text(f"{words.de} ({told})", f"{words.en} ({told})") if told else words, field="payload", line=result.line
    )
    error.code = f"CODEC_{result.failure.upper()}"  # type: ignore[misc]  # one class, a code per kind of failure
    return error


async def decode(pool: CodecPool, batch: Sequence[tuple[UUID, Message, KnownDevice]]) -> dict[UUID, Decoded]:
    """Decode the uplinks of a batch, by message id. Scripts of one codec version travel to the sandbox together."""
    found: dict[UUID, Decoded] = {}
    scripts: dict[CodecKey, list[tuple[UUID, Message, KnownDevice]]] = defaultdict(list)
    decoders: dict[CodecKey, Decoder] = {}
    for id_, message, device in batch:
        decoder = device.decoder
        if message.encrypted:
            found[id_] = Decoded(error=_encrypted())
        elif decoder.kind is CodecKind.NETWORK_SERVER:
            found[id_] = _given(message)
        elif decoder.kind is CodecKind.CAYENNE_LPP:
            found[id_] = _cayenne(message.payload)
        else:
            scripts[decoder.key].append((id_, message, device))
            decoders[decoder.key] = decoder
    for key, items in scripts.items():
        inputs = [
            DecodeInput(message.payload, message.f_port, message.time.isoformat(), device.variables)
            for _, message, device in items
        ]
        results = await pool.decode(key, decoders[key].source, inputs)
        for (id_, _, _), result in zip(items, results, strict=True):
            found[id_] = from_result(result)
    return found


def from_result(result: DecodeResult) -> Decoded:
    """The sandbox's answer in this module's terms."""
    if result.ok:
        return Decoded(result.data)
    return Decoded(error=codec_error(result), retry=result.failure is Failure.SUSPENDED)


def _cayenne(payload: bytes) -> Decoded:
    try:
        return Decoded(cayenne.decode(payload))
    except DomainError as error:
        return Decoded(error=error)


def _given(message: Message) -> Decoded:
    if message.decoded is not None:
        return Decoded(message.decoded)
    words = t("Der Netzwerkserver hat nichts dekodiert.", "The network server has decoded nothing.")
    return Decoded(error=CodecFailed(words, field="object"))


def _encrypted() -> DomainError:
    words = t(
        "Die Nutzlast ist noch verschlüsselt: der Netzwerkserver kennt den Schlüssel der Anwendung nicht.",
        "The payload is still encrypted: the network server does not know the application key.",
    )
    return CodecFailed(words, field="payload")
