"""The rules of the domain: no web, no GraphQL."""
