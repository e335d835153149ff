"""Whose rows a session may see, and whether it may write: fixed for the session's life."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

SCOPE = "regiohub_scope"


@dataclass(frozen=True, slots=True)
class Scope:
    """One tenant (`tenant`), or several to read (`readable`), or none (the platform's own tables)."""

    tenant: int | None = None
    readable: tuple[int, ...] = ()
    write: bool = False
    reason: str = ""

    @property
    def visible(self) -> tuple[int, ...]:
        """Ids of the tenants whose rows this session reads."""
        return self.readable or (() if self.tenant is None else (self.tenant,))


@lru_cache(maxsize=16)
def towns_text(towns: tuple[int, ...]) -> str:
    """Ids as the databases are told them, with commas; kept, since a worker names thousands of towns every second."""
    return ",".join(map(str, towns))
