"""What of a person must not get into the log: addresses of anybody, and the caller's own name and account.

Entries are never changed, so nothing can be erased from them later. Callers hand over ids and values without persons;
this is the net below them, for free words and values of forms.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, cast

from regiohub.auth.principal import Principal

from .actors import pseudonym

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST = 6
"""A name or account of fewer letters may stand in other words; it counts as a whole value only."""


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

    def value(self, value: Any) -> Any:
        """A JSON value without persons."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.value(one) for key, one in cast("Mapping[str, Any]", value).items()}
        if isinstance(value, list):
            return [self.value(one) for one in cast("Sequence[Any]", value)]
        return value

    def _address(self, found: re.Match[str]) -> str:
        words = f"audit-address\x1f{found[0].casefold()}".encode()
        return f"<{hmac.new(self._secret, words, sha256).hexdigest()[:20]}>"
