"""What the address asks of a list: ``?devices.q=noise&devices.sort=-seen&devices.page=2``."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from .declare import Filter, Listing

PAGE_SIZES = (25, 50, 100)
MOST_PAGES = 1_000_000
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Page, order and filters. Anything that does not fit the list is left out rather than refused: addresses are
    kept as bookmarks, and lists change."""

    listing: Listing
    given: Mapping[str, str]
    """All parameters of the address, those of other lists too."""
    sort: str
    page: int
    size: int
    values: Mapping[str, str]
    """Filters as they were typed."""

    def conditions(self) -> list[Any]:
        """What the filters demand."""
        found: list[Any] = []
        for filter_ in self.listing.filters:
            value = _value(filter_, self.values.get(filter_.key, ""))
            if value is not None:
                found.append(filter_.condition(value))
        return found

    def view(self, name: str) -> str:
        """This address with another view of the same rows."""
        merged = {key: value for key, value in self.given.items() if key not in ("format", "list")} | {"view": name}
        return "?" + urlencode(merged)

    def address(self, **changes: Any) -> str:
        """This address with another page, order or format: a query string."""
        name = self.listing.name
        merged = {key: value for key, value in self.given.items() if key not in ("format", "list")}
        for key, value in changes.items():
            merged[key if key in ("format", "list") else f"{name}.{key}"] = str(value)
        return "?" + urlencode({key: value for key, value in merged.items() if value != ""})


def wanted_of(listing: Listing, given: Mapping[str, str]) -> Wanted:
    """Reads the parameters of one list."""
    sortable = {column.key for column in listing.columns if column.sort is not None}
    sort = given.get(f"{listing.name}.sort", "")
    size = _number(given.get(f"{listing.name}.size"), listing.per_page)
    return Wanted(
        listing=listing,
        given=given,
        sort=sort if sort.removeprefix("-") in sortable else listing.order,
        page=min(max(1, _number(given.get(f"{listing.name}.page"), 1)), MOST_PAGES),
        size=size if size in (*PAGE_SIZES, listing.per_page) else listing.per_page,
        values={
            filter_.key: given[f"{listing.name}.{filter_.key}"].strip()[:LONGEST]
            for filter_ in listing.filters
            if given.get(f"{listing.name}.{filter_.key}", "").strip()
        },
    )


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 8 else otherwise


def _value(filter_: Filter, typed: str) -> Any:
    if not typed:
        return None
    match filter_.kind:
        case "text":
            return typed
        case "choice":
            return typed if typed in {value for value, _ in filter_.choices} else None
        case "flag":
            return True if typed in ("1", "on", "true") else None
        case "day":
            with contextlib.suppress(ValueError):
                return date.fromisoformat(typed)
            return None
