"""The plugin of the examples: public places."""
