"""A domain error on its way into a payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regiohub.errors import DomainError


class Refusal:
    """Looks like an object of a GraphQL error type: code, message in the caller's language, field, details."""

    def __init__(self, error: DomainError, locale: str, types: Mapping[type[Exception], str], default: str) -> None:
        self._error = error
        self.code = error.code
        self.message = error.message.get(locale)
        self.field = error.field
        self.graphql_type = next((types[base] for base in type(error).__mro__ if base in types), default)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._error, name, None)
