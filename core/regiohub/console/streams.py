"""Server-sent events (HTML Living Standard, section 9.2)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Final

from starlette.responses import Response, StreamingResponse

_PAUSE: Final = 15.0
"""Seconds after which a comment keeps proxies from closing a silent connection."""

_ASK_EVERY: Final = 60.0


def event_stream(fragments: AsyncIterator[str], alive: Callable[[], Awaitable[bool]]) -> Response:
    """An answer that goes on until the reader leaves, or his session has ended: that is asked once a minute."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(fragments, alive), media_type="text/event-stream", headers=headers)


async def _events(fragments: AsyncIterator[str], alive: Callable[[], Awaitable[bool]]) -> AsyncGenerator[str]:
    yield "retry: 3000\n: open\n\n"
    iterator = aiter(fragments)
    waiting: asyncio.Future[str] | None = None
    asked_at = time.monotonic()
    try:
        while True:
            if time.monotonic() - asked_at > _ASK_EVERY:
                asked_at = time.monotonic()
                if not await alive():
                    return
            waiting = waiting or asyncio.ensure_future(anext(iterator))
            done, _ = await asyncio.wait({waiting}, timeout=_PAUSE)
            if not done:
                yield ": still here\n\n"
                continue
            try:
                html = waiting.result()
            except StopAsyncIteration:
                return
            waiting = None
            yield "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        closing = getattr(iterator, "aclose", None)
        if closing is not None:
            await closing()
