"""The staff console: server-rendered pages of the region, of each town, and of plugins."""
