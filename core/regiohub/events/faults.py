"""What is written down about a failure: enough for an operator, nothing about people."""

from sqlalchemy.exc import DBAPIError

from regiohub.errors import DomainError

MOST_CHARACTERS = 500


class GiveUp(Exception):
    """Raised by a task or handler: trying again is of no use, so the entry becomes a dead letter at once."""


def describe(error: BaseException) -> str:
    """One line about an error: its kind and message, without the values of a database statement."""
    if isinstance(error, DomainError):
        text = f"{error.code}: {error.message.en}"
    elif isinstance(error, DBAPIError):
        # Its own text repeats the statement's parameters, which may be anybody's data.
        first = str(error.orig).splitlines()[:1]
        text = f"{type(error.orig).__name__}: {first[0] if first else ''}"
    elif isinstance(error, TimeoutError):
        text = "it took too long"
    else:
        text = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return text[:MOST_CHARACTERS]
