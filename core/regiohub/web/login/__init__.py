"""Routes of sign-in, and of the built-in issuer."""
