"""What somebody asked for, cut into comparable words."""

from dataclasses import dataclass

from .words import STOP_WORDS, fold, normal_form, split_words

MAX_CHARACTERS = 200
MAX_WORDS = 12


class QueryTooLongError(ValueError):
    """More characters or words than a question for an offer ever needs."""


@dataclass(frozen=True)
class Query:
    """The comparable words, each once. Its text form hides them, so that no log line can show them."""

    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Query({len(self.words)} words)"


def parse_query(text: str) -> Query:
    """The query of a text; empty when it holds no word. Raises `QueryTooLongError`."""
    if len(text) > MAX_CHARACTERS:
        raise QueryTooLongError
    typed = split_words(text)
    # A question of filler words only still deserves an attempt.
    kept = [word for word in typed if fold(word) not in STOP_WORDS] or typed
    words = tuple(dict.fromkeys(normal_form(word) for word in kept))
    if len(words) > MAX_WORDS:
        raise QueryTooLongError
    return Query(words)
