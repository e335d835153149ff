"""The limits and the error that names the one that was passed."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLError

from regiohub.settings import Settings

CODE = "OPERATION_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one operation. `cost` counts objects: page sizes multiplied along the nesting."""

    depth: int = 15
    aliases: int = 30
    tokens: int = 2000
    characters: int = 32_768
    directives: int = 30
    roots: int = 20
    cost: int = 20_000

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the platform's settings give."""
        return cls(
            depth=settings.graphql_max_depth,
            aliases=settings.graphql_max_aliases,
            tokens=settings.graphql_max_tokens,
            characters=settings.graphql_max_characters,
            directives=settings.graphql_max_directives,
            roots=settings.graphql_max_roots,
            cost=settings.graphql_max_cost,
        )


def exceeded(limit: str, actual: int, allowed: int, words: str) -> GraphQLError:
    """The error for a passed limit: which one, how far, what is allowed."""
    return GraphQLError(
        f"{words}: {actual}, allowed are {allowed} (limit {limit}).",
        extensions={"code": CODE, "limit": limit, "actual": actual, "allowed": allowed},
    )
