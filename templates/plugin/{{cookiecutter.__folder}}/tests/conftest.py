"""Worlds of these tests hold this plugin and what it requires, whatever else is installed where they run."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that wants other plugins, too, names them: ``@pytest.mark.regiohub(plugins=(…))``."""
    for item in items:
        if item.get_closest_marker("regiohub") is None:
            item.add_marker(pytest.mark.regiohub(plugins=("{{ cookiecutter.id }}",)))
