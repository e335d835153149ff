"""Errors that are part of the interface: a code, words in the caller's language, the field they are about.

Services raise them; GraphQL turns them into typed results, HTTP into problem+json (RFC 9457). Anything else that is
raised counts as a fault of the program and never reaches a user in words.
"""

from typing import Any, ClassVar

from regiohub.texts import Text, t


class DomainError(Exception):
    """Base of all errors that callers are meant to see.

    A subclass sets ``code`` (stable, upper case) and ``status`` (HTTP). ``details`` are JSON-able facts for the caller
    (the slot that is taken, the limit that was passed); they become attributes and members of the problem document.
    """

    code: ClassVar[str] = "RULE"
    status: ClassVar[int] = 409

    def __init__(self, message: Text, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message.en)
        self.message = message
        self.field = field
        self.details = details

    def __getattr__(self, name: str) -> Any:
        details: dict[str, Any] = self.__dict__.get("details", {})
        if name in details:
            return details[name]
        raise AttributeError(f"{type(self).__name__} has no detail {name!r}")


class InvalidInput(DomainError):
    """What the caller gave cannot be used; ``field`` says which part."""

    code = "INVALID_INPUT"
    status = 422


class NotFound(DomainError):
    """There is no such thing for this caller: missing and foreign get the same answer."""

    code = "NOT_FOUND"
    status = 404

    def __init__(self, message: Text | None = None, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message or t("Das wurde nicht gefunden.", "This was not found."), field=field, **details)


class Conflict(DomainError):
    """The thing is not in a state that allows this."""

    code = "CONFLICT"
    status = 409


class Forbidden(DomainError):
    """The caller is known and may not do this."""

    code = "FORBIDDEN"
    status = 403

    def __init__(self, message: Text | None = None, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message or t("Dazu fehlt das Recht.", "You may not do this."), field=field, **details)


class Unauthenticated(DomainError):
    """The caller has to sign in first, or his token does not count."""

    code = "UNAUTHENTICATED"
    status = 401

    def __init__(self, message: Text | None = None, *, field: str | None = None, **details: Any) -> None:
        super().__init__(message or t("Bitte zuerst anmelden.", "Please sign in first."), field=field, **details)


class TooMany(DomainError):
    """Too much in too short a time; ``retry_after`` in seconds, if known."""

    code = "TOO_MANY"
    status = 429

    def __init__(self, message: Text | None = None, *, field: str | None = None, **details: Any) -> None:
        words = t("Zu viele Anfragen. Bitte später noch einmal.", "Too many requests. Please try again later.")
        super().__init__(message or words, field=field, **details)


class Unavailable(DomainError):
    """A part of the platform, or a service it needs, does not answer at the moment."""

    code = "UNAVAILABLE"
    status = 503
