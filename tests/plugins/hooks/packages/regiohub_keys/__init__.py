"""Keys: a plugin that brings booking a kind of lock."""
