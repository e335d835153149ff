"""A small plugin with every kind of GraphQL field, for the tests of the core's GraphQL."""
