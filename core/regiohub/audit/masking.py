"""What of a person must not get into the log: addresses of anybody, the caller's own name and account, free words.

Entries are never changed, so nothing can be erased from them later. Callers hand over ids and values without persons;
this is the net below them, for values of forms. Words of the platform's own forms that are made for naming people, or
often do, stand in an entry as a keyed pseudonym of the whole: it shows that they changed, and when they are as before.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, cast

from regiohub.auth.principal import Principal

from .actors import pseudonym

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST = 6
"""A name or account of fewer letters may stand in other words; it counts as a whole value only."""
_MEASURE: Final = frozenset({"lead", "partners", "summary", "summary_en"})
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "tenant.measure_added": _MEASURE,
    "tenant.measure_changed": _MEASURE,
    "tenant.branding_changed": frozenset({"plain_language"}),
}
"""Fields whose words may name people, by action."""
_CONTACTS: Final = frozenset({"tenant.settings_changed", "tenant.branding_changed"})
"""Actions about values where an address makes the whole a contact: beside it stand a name and a number."""


class Mask:
    """Replaces persons in what one caller records by keyed pseudonyms, so that entries can still be told apart."""

    def __init__(self, secret: bytes, principal: Principal) -> None:
        self._secret = secret
        own = pseudonym(secret, principal)
        names = (principal.subject, principal.name) if own else ()
        self._own = {name.casefold(): str(own) for name in names if name}
        long = [re.escape(name) for name in names if name and len(name) >= _SHORTEST]
        self._inside = re.compile("|".join(sorted(long, key=len, reverse=True)), re.IGNORECASE) if long else None

    def text(self, text: str | None) -> str | None:
        """Words without persons."""
        if text is None:
            return None
        if text.casefold() in self._own:
            return self._own[text.casefold()]
        found = _ADDRESS.sub(self._address, text) if "@" in text else text
        return self._inside.sub(lambda one: self._own[one[0].casefold()], found) if self._inside else found

    def facts(self, action: str, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """What an entry says of before or after, without persons; values are JSON."""
        if values is None:
            return None
        words, contacts = _WORDS.get(action, frozenset[str]()), action in _CONTACTS
        return {
            name: self.concealed(one) if name in words else self.value(one, whole=contacts)
            for name, one in values.items()
        }

    def value(self, value: Any, *, whole: bool = False) -> Any:
        """A JSON value without persons. `whole`: of a text or an object with an address no other words are left."""
        if whole and isinstance(value, str | Mapping) and _ADDRESS.search(json.dumps(value, ensure_ascii=False)):
            return self.concealed(value)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.value(one, whole=whole) for key, one in cast("Mapping[str, Any]", value).items()}
        if isinstance(value, list):
            return [self.value(one, whole=whole) for one in cast("Sequence[Any]", value)]
        return value

    def concealed(self, value: Any) -> Any:
        """The JSON value with a keyed pseudonym in place of each text; an address alone gets that of the address."""
        if isinstance(value, Mapping):
            return {key: self.concealed(one) for key, one in cast("Mapping[str, Any]", value).items()}
        if isinstance(value, list):
            return [self.concealed(one) for one in cast("Sequence[Any]", value)]
        if not isinstance(value, str) or not value:
            return value
        return self.text(value) if _ADDRESS.fullmatch(value) else self._named("audit-words", value)

    def _address(self, found: re.Match[str]) -> str:
        return self._named("audit-address", found[0].casefold())

    def _named(self, purpose: str, words: str) -> str:
        mark = hmac.new(self._secret, "\x1f".join((purpose, words)).encode(), sha256)
        return f"<{mark.hexdigest()[:20]}>"
