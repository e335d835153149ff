"""The rules of the directory: no web, no GraphQL."""
