"""One link of the chain: what is hashed, what is signed, and the head as a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from .canonical import canonical, moment
from .signing import SEAL, is_signed, key_id

FORMAT: Final = "regiohub-audit-1"


@dataclass(frozen=True, slots=True)
class Link:
    """What a seal states. ``digests`` is the SHA-256 of its records, ``previous`` hash and signature before it."""

    town: str
    number: int
    first: int
    count: int
    late: bool
    sealed_at: datetime
    complete_until: datetime | None
    digests: bytes
    previous: tuple[bytes, bytes] | None
    key: str

    def statement(self) -> dict[str, Any]:
        """The link as a JSON object, as it is hashed."""
        return {
            "format": FORMAT, "town": self.town, "number": self.number, "first": self.first, "count": self.count,
            "late": self.late, "sealed_at": moment(self.sealed_at),
            "complete_until": moment(self.complete_until) if self.complete_until else None,
            "digests": self.digests.hex(), "key": self.key,
            "previous": self.previous[0].hex() if self.previous else None,
            "previous_signature": self.previous[1].hex() if self.previous else None,
        }  # fmt: skip

    def chain(self) -> bytes:
        """The chain's hash at this link."""
        return sha256(canonical(self.statement())).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at a moment, signed: kept elsewhere it shows that something was cut off since then."""

    link: Mapping[str, Any]
    chain: bytes
    public_key: bytes
    signature: bytes

    @property
    def town(self) -> str:
        """Short name of the town."""
        return str(self.link["town"])

    @property
    def number(self) -> int:
        """Number of the seal."""
        return int(self.link["number"])

    @property
    def entries(self) -> int:
        """How many entries the chain held."""
        return int(self.link["first"]) + int(self.link["count"]) - 1

    @property
    def key(self) -> str:
        """Id of the key that signed."""
        return key_id(self.public_key)

    def is_genuine(self) -> bool:
        """Whether the head is signed by its own key. Whose key that is, is another question."""
        try:
            stated = sha256(canonical(dict(self.link))).digest()
        except ValueError:
            return False
        named = self.link.get("key") == self.key
        return named and stated == self.chain and is_signed(self.public_key, SEAL, self.chain, self.signature)

    def document(self) -> dict[str, Any]:
        """The head as a JSON object: for files, archives, GraphQL."""
        return {
            "format": f"{FORMAT}-head", "town": self.town, "entries": self.entries, "link": dict(self.link),
            "chain": self.chain.hex(), "public_key": self.public_key.hex(), "signature": self.signature.hex(),
        }  # fmt: skip


def head_from(document: Any) -> Head:
    """A head from its JSON object. :raises ValueError: it is none, or not genuine."""
    try:
        head = Head(
            document["link"], bytes.fromhex(document["chain"]), bytes.fromhex(document["public_key"]),
            bytes.fromhex(document["signature"]),
        )  # fmt: skip
        fits = document["format"] == f"{FORMAT}-head" and head.link["format"] == FORMAT
        if fits and head.is_genuine() and head.number >= 1 and head.entries >= 0:
            return head
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("no head of an audit log") from error
    raise ValueError("no genuine head of an audit log")
