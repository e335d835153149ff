"""People whose data plugins hold, and what a plugin does with them beyond its declared tables."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regiohub.texts import Text

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as data can name him: `id` is the identifier of the account (claim `sub`), `emails` are addresses.

    At least one of them is there. Addresses are in lower case; compare with `is_email`, or with `is_in` for words.

    An identifier is unique per issuer (OpenID Connect Core, section 2), and rows hold the identifier alone. Where a
    town trusts several issuers, two people can have the same one: then those issuers must give identifiers that do not
    repeat, as UUIDs don't. The platform's own records of sign-ins and of the audit log know the issuer.
    """

    id: str | None = None
    emails: frozenset[str] = frozenset()

    def is_email(self, text: str | None) -> bool:
        """Whether a text is one of the addresses, whatever its case."""
        return text is not None and text.strip().lower() in self.emails

    def is_in(self, text: str | None) -> bool:
        """Whether one of the addresses stands anywhere in a text ("Erika Beispiel, erika@example.org, Tel. …")."""
        return text is not None and any(pattern_of(address).search(text) for address in self.emails)


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of data of a category: how many rows (or files) were deleted, emptied or kept.

    `note` says in both languages what else happened, or why something is kept: then it is required.
    """

    category: str
    deleted: int = 0
    cleared: int = 0
    kept: int = 0
    note: Text | None = None


Export = Callable[["Ctx", Subject], Awaitable[Mapping[str, Sequence[Mapping[str, Any]]]]]
Erase = Callable[["Ctx", Subject], Awaitable[Sequence[Erased]]]
Consequences = Callable[["Ctx", Subject], Awaitable[Sequence[Text]]]


@dataclass(frozen=True, slots=True)
class SubjectData:
    """What a plugin's declared tables cannot say about a person: addresses in JSON, files, what else has to follow.

    `export(ctx, subject)` returns records by category; values are JSON-able, moments and ids included.
    `erase(ctx, subject)` runs before the declared tables are erased, in the same transaction, and says what it did.
    `consequences(ctx, subject)` names in words what erasing will bring about beside rows that go ("two bookings of the
    future are cancelled"); it changes nothing.
    """

    export: Export | None = None
    erase: Erase | None = None
    consequences: Consequences | None = None


def pattern_of(address: str) -> re.Pattern[str]:
    """The address in any case, and not the end of a longer one or the beginning of another domain."""
    return re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
