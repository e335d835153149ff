"""One message for the next page: "Saved." It travels in a cookie that only the console reads, once."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "regiohub-message"
_TONES: Final = frozenset({"good", "info", "warn", "bad"})
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Message:
    """Words in the reader's language, and their tone."""

    words: str
    tone: str = "good"


def keep_message(response: Response, message: Message | None, *, secure: bool) -> None:
    """Send a message along, or take it back once it was shown."""
    if message is None:
        response.delete_cookie(COOKIE, path="/console", secure=secure, httponly=True, samesite="strict")
        return
    packed = base64.urlsafe_b64encode(orjson.dumps([message.words[:_LONGEST], message.tone])).decode()
    response.set_cookie(
        COOKIE, packed, max_age=60, path="/console", secure=secure, httponly=True, samesite="strict"
    )  # fmt: skip


def take_message(request: Request) -> Message | None:
    """The message that came along. It is text for a template that escapes, so whoever forges one harms himself."""
    packed = request.cookies.get(COOKIE)
    if not packed:
        return None
    try:
        words, tone = orjson.loads(base64.urlsafe_b64decode(packed))
    except (binascii.Error, ValueError, TypeError):
        return None
    return Message(str(words)[:_LONGEST], tone if tone in _TONES else "info")
