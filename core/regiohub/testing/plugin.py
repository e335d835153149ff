"""The pytest plugin that comes with the core: fixtures for everybody who writes a plugin."""

import logging
import os
from importlib.util import find_spec

import pytest
import structlog

pytest_plugins = ("regiohub.testing.services.fixtures", "regiohub.testing.fixtures")

_EXAMPLES = {"ci": 100, "full": 500}
"""Examples per property test, by REGIOHUB_TEST_DEPTH."""


def pytest_configure(config: pytest.Config) -> None:
    """Log one plain line per warning: structlog's own default prints every local variable of a traceback."""
    del config
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        processors=[structlog.processors.add_log_level, structlog.processors.LogfmtRenderer(sort_keys=True)],
    )
    # A plugin's author may test without property tests.
    if find_spec("hypothesis"):
        _set_depth(os.environ.get("REGIOHUB_TEST_DEPTH", "ci"))


def _set_depth(depth: str) -> None:
    """How many examples property tests try; a busy machine is no fault of theirs."""
    from hypothesis import settings

    if depth not in _EXAMPLES:
        raise pytest.UsageError(f"REGIOHUB_TEST_DEPTH={depth}: give one of {', '.join(_EXAMPLES)}")
    settings.register_profile("regiohub", max_examples=_EXAMPLES[depth], deadline=None)
    settings.load_profile("regiohub")
