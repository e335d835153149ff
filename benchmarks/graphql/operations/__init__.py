"""The GraphQL operations that stand in this repository: where they are, and what of them compiles to SQL."""
