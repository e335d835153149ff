"""Where answers are kept: the least recently used go first, bounded by bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from hashlib import sha256

_OVERHEAD = 600
"""Bytes that an entry takes beside its texts, roughly."""


@dataclass(slots=True)
class Kept:
    """An answer. `stamp`: counters of `tables` that were read before the rows were; the answer is true while they
    stand."""

    tables: tuple[str, ...]
    stamp: tuple[int, ...]
    body: bytes
    size: int
    _tags: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def tag(self, media_type: str) -> bytes:
        """The entity tag of the answer, worked out once."""
        found = self._tags.get(media_type)
        if found is None:
            found = self._tags[media_type] = entity_tag(self.body, media_type)
        return found


class Shelf:
    """Answers by key. `capacity`: bytes of all of them; one that takes more than an eighth of it is not kept."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[Hashable, Kept] = OrderedDict()
        self.held = 0
        """Bytes at present."""

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Kept | None:
        """The answer of a key, whether it is still true or not."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: Hashable, weight: int, tables: tuple[str, ...], stamp: tuple[int, ...], body: bytes) -> None:
        """Keep an answer in place of an older one. `weight`: bytes of the key."""
        size = weight + len(body) + _OVERHEAD
        before = self._entries.pop(key, None)
        if before is not None:
            self.held -= before.size
        if size > self._capacity // 8:
            return
        self._entries[key] = Kept(tables, stamp, body, size)
        self.held += size
        while self.held > self._capacity:
            _, dropped = self._entries.popitem(last=False)
            self.held -= dropped.size


def entity_tag(body: bytes, media_type: str) -> bytes:
    """A strong entity tag (RFC 9110, 8.8.3): equal exactly for equal answers of the same type."""
    return b'"' + sha256(media_type.encode() + b"\n" + body).hexdigest()[:40].encode() + b'"'
