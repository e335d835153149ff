"""The towns that a page shows: some dozens at a time, found by name where there are more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from regiohub.tenancy.info import TenantInfo

A_PAGE: Final = 60


@dataclass(frozen=True, slots=True)
class TownList:
    """One page of a list. `found`: how many towns there are for the words `wanted`; `all`: without them."""

    towns: Sequence[TenantInfo]
    found: int
    all: int
    wanted: str
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found // A_PAGE))

    @property
    def is_long(self) -> bool:
        """Whether not all towns stand on one page, so that there is something to look for."""
        return self.all > A_PAGE

    @property
    def before(self) -> str | None:
        """Query of the address of the page before; None on the first one."""
        return self._address(self.page - 1) if self.page > 1 else None

    @property
    def after(self) -> str | None:
        """Query of the address of the next page; None on the last one."""
        return self._address(self.page + 1) if self.page < self.pages else None

    def _address(self, page: int) -> str:
        given = {"q": self.wanted} if self.wanted else {}
        return "?" + urlencode({**given, "page": page})


def town_list(
    towns: Sequence[TenantInfo],
    given: Mapping[str, str],
    *,
    order: Callable[[TenantInfo], Any] | None = None,
) -> TownList:
    """A page of these towns, by the parameters `q` (part of a name or slug) and `page` of an address.

    What is no number of a page leads to the first or the last one. `order`: another order than the one given.
    """
    wanted = " ".join(given.get("q", "")[:60].split())
    folded = wanted.casefold()
    found = [t for t in towns if folded in t.name.casefold() or folded in t.slug] if folded else towns
    ordered = sorted(found, key=order) if order else found
    number = given.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    page = min(max(page, 1), max(1, -(-len(ordered) // A_PAGE)))
    return TownList(ordered[(page - 1) * A_PAGE : page * A_PAGE], len(ordered), len(towns), wanted, page)
