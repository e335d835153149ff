"""The pytest plugin that comes with the core: fixtures for everybody who writes a plugin."""

pytest_plugins = ("regiohub.testing.services.fixtures", "regiohub.testing.fixtures")
