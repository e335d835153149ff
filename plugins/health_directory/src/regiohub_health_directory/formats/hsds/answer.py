"""A list as a page of JSON, or as lines of JSON without pages."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from fastapi.responses import JSONResponse, Response, StreamingResponse

from .page import page_of
from .params import ListQuery

K = TypeVar("K")
_CHUNK = 100


async def answer(
    query: ListQuery,
    keys: Sequence[K],
    write: Callable[[Sequence[K]], Awaitable[Sequence[dict[str, Any]]]],
    *,
    one_page: bool = False,
) -> Response:
    """The records that `write` makes of the keys on the asked page, or of all keys in portions."""
    if query.format == "ndjson":
        return StreamingResponse(_lines(keys, write), media_type="application/x-ndjson")
    per_page = max(1, len(keys)) if one_page else query.per_page
    page = 1 if one_page else query.page
    start = (page - 1) * per_page
    contents = await write(keys[start : start + per_page])
    return JSONResponse(page_of(contents, total=len(keys), page=page, per_page=per_page))


async def _lines(
    keys: Sequence[K], write: Callable[[Sequence[K]], Awaitable[Sequence[dict[str, Any]]]]
) -> AsyncIterator[bytes]:
    for start in range(0, len(keys), _CHUNK):
        for record in await write(keys[start : start + _CHUNK]):
            yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
