"""Finds declarations that do not fit their model, before anybody asks for them: each fault with its remedy."""
