"""Who calls and what he may do: tokens, principals, permissions, the built-in issuer for development."""
