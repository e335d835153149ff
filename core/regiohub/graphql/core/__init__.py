"""What every schema has, whatever plugins are on: town, measures, plugins."""
