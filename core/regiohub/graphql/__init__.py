"""One GraphQL schema per set of plugins: declared by plugins, composed, bounded and executed here."""
