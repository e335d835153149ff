"""Answers about the schema, kept as they were sent: the same for everybody for as long as the schema object lives."""

from __future__ import annotations

from collections import OrderedDict

_MOST = 8
"""Tools ask with a handful of documents; each answer is about as long as the schema's text."""
Question = tuple[str, str | None]
"""The text of a document, and the name of the operation in it."""


class Described:
    """The answers of one schema, the least recently given dropped first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Question, bytes] = OrderedDict()

    def get(self, question: Question) -> bytes | None:
        """The data of a known answer as JSON."""
        found = self._kept.get(question)
        if found is not None:
            self._kept.move_to_end(question)
        return found

    def keep(self, question: Question, data: bytes) -> None:
        """Remember an answer."""
        self._kept[question] = data
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
