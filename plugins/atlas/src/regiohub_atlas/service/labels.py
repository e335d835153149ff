"""Words for closed lists in SQL: the caller's language is known when a statement is made."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case

from regiohub.api import Language, Text


def label_of(expression: Any, words: Mapping[Any, Text], language: Language) -> ColumnElement[str]:
    """The words for a column (or a scalar sub-select) that holds a member of an enum; null where it is null."""
    return case({member: text.get(language) for member, text in words.items()}, value=expression)
