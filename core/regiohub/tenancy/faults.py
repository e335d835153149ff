"""Faults that pydantic finds, as refusals in both languages that name their field."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from regiohub.errors import InvalidInput
from regiohub.tenancy.config.messages import wording_for
from regiohub.texts import Text, t

_UNQUOTED = "…"


def refusal(error: ValidationError, *, secret: frozenset[str] = frozenset()) -> InvalidInput:
    """The first fault as `InvalidInput`; all of them are its detail ``faults``: pairs of field and words.

    Fields named in `secret` are never quoted.
    """
    faults = [_fault(dict(fault), secret) for fault in error.errors(include_url=False)]
    field, words = faults[0]
    return InvalidInput(words, field=field or None, faults=faults)


def _fault(fault: dict[str, Any], secret: frozenset[str]) -> tuple[str, Text]:
    path = [part for part in fault["loc"] if part != "[key]"]
    hidden = bool(path) and path[0] in secret
    value = _UNQUOTED if hidden else fault["input"]
    _, words = wording_for(fault["type"], fault["msg"], dict(fault.get("ctx", {})), value)
    # Words of an unknown kind quote the message of the library, which may quote the value.
    found = t("Der Wert passt nicht.", "The value does not fit.") if hidden else t(words.de, words.en)
    return ".".join(str(part) for part in path), found
