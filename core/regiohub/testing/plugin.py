"""The pytest plugin that comes with the core: fixtures for everybody who writes a plugin."""

import logging

import pytest
import structlog

pytest_plugins = ("regiohub.testing.services.fixtures", "regiohub.testing.fixtures")


def pytest_configure(config: pytest.Config) -> None:
    """Log one plain line per warning: structlog's own default prints every local variable of a traceback."""
    del config
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        processors=[structlog.processors.add_log_level, structlog.processors.LogfmtRenderer(sort_keys=True)],
    )
