"""The GraphQL benchmark: seeded databases, contenders that answer the same, paired rounds, a table with the goals."""
