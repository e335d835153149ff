"""The rules of the participation atlas: no web, no GraphQL."""
