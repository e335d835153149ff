"""First look at a document, before it is parsed: its length, in characters and tokens, and how deep its braces go.

The parser recurses per level, so a document must be known to be shallow before it gets that far.
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError, Lexer, Source, TokenKind

from .bounds import Limits, exceeded

_OPEN = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
_CLOSE = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})
_NUMBERS = frozenset({TokenKind.INT, TokenKind.FLOAT})
_DIGITS = 400
"""Digits of a number: more than any type holds. Python itself refuses to read 4,300."""
_NESTING = 64
"""Braces and brackets of all kinds inside each other; inputs nest too, so this is more than the depth of fields."""


def scan(text: str, limits: Limits) -> GraphQLError | None:
    """The error of a document that is too long or too deep to be parsed, or that is not GraphQL; otherwise None.

    It reads no further than one token beyond the limit.
    """
    if len(text) > limits.characters:
        return exceeded("characters", len(text), limits.characters, "The document is too long")
    lexer = Lexer(Source(text))
    tokens = depth = deepest = 0
    try:
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            tokens += 1
            if token.kind in _NUMBERS and len(token.value or "") > _DIGITS:
                return GraphQLError(f"A number has at most {_DIGITS} digits.")
            if token.value is not None and "\0" in token.value:
                return no_nul()
            if token.kind in _OPEN:
                depth += 1
                deepest = max(deepest, depth)
            elif token.kind in _CLOSE:
                depth -= 1
            if tokens > limits.tokens:
                return exceeded("tokens", tokens, limits.tokens, "The document has too many tokens, at least")
    except GraphQLError as error:
        return error
    if deepest > max(limits.depth, _NESTING):
        return exceeded("depth", deepest, limits.depth, "The operation is nested too deeply")
    return None


def no_nul() -> GraphQLError:
    """The error for the character NUL, which PostgreSQL cannot hold in a text and nobody means to send."""
    return GraphQLError("The character U+0000 is not allowed in texts.")


def has_nul(variables: Any) -> bool:
    """Whether any text in the variables holds the character NUL."""
    waiting = [variables]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            if "\0" in found:
                return True
        elif isinstance(found, dict):
            waiting += found.keys()
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
    return False
