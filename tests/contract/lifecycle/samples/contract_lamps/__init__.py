"""A sample plugin that has something of everything: street lamps."""
