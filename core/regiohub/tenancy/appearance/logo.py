"""Which files may be a logo: small PNG images, and SVG drawings without anything that runs or loads."""

from __future__ import annotations

import struct
import zlib
from typing import Final
from xml.parsers import expat

from regiohub.errors import InvalidInput
from regiohub.texts import Text, t

MOST_BYTES: Final = 262_144
MOST_PIXELS: Final = 4096
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SVG: Final = "http://www.w3.org/2000/svg"
_ELEMENTS: Final = frozenset(
    {"svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "path", "rect", "circle", "ellipse", "line",
     "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern",
     "style", "marker", "filter", "feGaussianBlur", "feOffset", "feBlend", "feColorMatrix", "feMerge", "feMergeNode",
     "feFlood", "feComposite"}
)  # fmt: skip
"""What drawings are made of. Scripts, embedded pages and images, links and animations are not among it."""
TYPES: Final = {"png": "image/png", "svg": "image/svg+xml"}


def kind_of_logo(data: bytes) -> str:
    """``png`` or ``svg``, told by the content and not by the name. Raises ``InvalidInput`` for anything else."""
    if len(data) > MOST_BYTES:
        raise _refused(t("Die Datei ist größer als 256 KiB.", "The file is larger than 256 KiB."))
    if data.startswith(_PNG):
        _check_png(data)
        return "png"
    if b"<" in data[:512]:
        _check_svg(data)
        return "svg"
    raise _refused(t("Das ist weder ein PNG- noch ein SVG-Bild.", "This is neither a PNG nor an SVG image."))


def _check_png(data: bytes) -> None:
    """Every chunk must be whole (PNG, ISO/IEC 15948, section 5), the image of a sensible size."""
    place, names = len(_PNG), list[bytes]()
    while place + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if end + 4 > len(data) or zlib.crc32(data[place + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            break
        names.append(name)
        place = end + 4
    if place != len(data) or names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        raise _refused(t("Das PNG-Bild ist beschädigt.", "The PNG image is damaged."))
    width, height = struct.unpack_from(">II", data, len(_PNG) + 8)
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise _refused(t("Das Bild ist breiter oder höher als 4096 Punkte.", "The image exceeds 4096 pixels."))


def _check_svg(data: bytes) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    seen: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        seen.append(name)
        # Editors add notes of their own in other namespaces; browsers draw nothing of them.
        if space in (_SVG, "http://www.w3.org/1999/xhtml") and local not in _ELEMENTS:
            raise _refused(t(f"Im Logo ist <{local}> nicht erlaubt.", f"<{local}> is not allowed in a logo."))
        for key, value in attributes.items():
            _check_attribute(key.rpartition(" ")[2], value)

    def text(words: str) -> None:
        if seen and seen[-1].endswith(" style") and _loads(words):
            raise _refused(_LOADS)

    def doctype(*_: object) -> None:
        raise _refused(t("Im Logo ist kein DOCTYPE erlaubt.", "A logo may have no DOCTYPE."))

    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.StartDoctypeDeclHandler = doctype
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        words = t(
            f"Das SVG-Bild ist kein gültiges XML (Zeile {fault.lineno}).", f"Not valid XML (line {fault.lineno})."
        )
        raise _refused(words) from None
    if seen[:1] != [f"{_SVG} svg"]:
        raise _refused(t("Das ist kein SVG-Bild.", "This is no SVG image."))


_LOADS: Final = t("Das Logo darf nichts von anderswo laden.", "A logo may load nothing from elsewhere.")


def _check_attribute(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise _refused(t(f"Im Logo ist {name}= nicht erlaubt.", f"{name}= is not allowed in a logo."))
    # Inside a drawing, links point to its own parts.
    if (name == "href" and not value.strip().startswith("#")) or _loads(value):
        raise _refused(_LOADS)


def _loads(words: str) -> bool:
    """Whether a style or an attribute asks for anything outside of the file."""
    plain = words.lower().replace(" ", "").replace('"', "").replace("'", "")
    return "@import" in plain or "javascript:" in plain or plain.count("url(") != plain.count("url(#")


def _refused(words: Text) -> InvalidInput:
    return InvalidInput(words, field="logo")
