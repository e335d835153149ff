"""The page that wraps each list."""

from collections.abc import Sequence
from typing import Any


def page_of(contents: Sequence[dict[str, Any]], *, total: int, page: int, per_page: int) -> dict[str, Any]:
    """`contents` as page number `page` (from 1) of `total` entries with `per_page` on each."""
    pages = max(1, -(-total // per_page))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": list(contents),
    }
