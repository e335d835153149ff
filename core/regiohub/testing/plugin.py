"""The pytest plugin that comes with the core: fixtures for everybody who writes a plugin."""

import logging
import os
from importlib.util import find_spec
from typing import Any

import pytest
import structlog

from regiohub.testing.marks import MARKERS

pytest_plugins = ("regiohub.testing.services.fixtures", "regiohub.testing.fixtures")

KEYCLOAK = "keycloak"
_EXAMPLES = {"ci": 100, "full": 500}
"""Examples per property test, by REGIOHUB_TEST_DEPTH."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and log one plain line per warning: structlog's default prints every local variable."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        processors=[structlog.processors.add_log_level, structlog.processors.LogfmtRenderer(sort_keys=True)],
    )
    # A plugin's author may test without property tests.
    if find_spec("hypothesis"):
        _set_depth(os.environ.get("REGIOHUB_TEST_DEPTH", "ci"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give tests of a real Keycloak the time its start takes, and see that a parallel run can tell them by name."""
    for item in items:
        # The marker tells of tests that ask for the fixture only while they run.
        if "keycloak_server" not in getattr(item, "fixturenames", ()) and not item.get_closest_marker(KEYCLOAK):
            continue
        if KEYCLOAK not in item.nodeid:
            raise pytest.UsageError(f"{item.nodeid}: uses keycloak_server, so its name or path has to say {KEYCLOAK!r}")
        if config.pluginmanager.hasplugin("timeout") and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(600))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Under ``--dist loadfile``, let one worker run all tests of a real Keycloak: starting a second one costs more."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class OneKeycloak(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return KEYCLOAK if KEYCLOAK in nodeid else super()._split_scope(nodeid)

    return OneKeycloak(config, log)


def _set_depth(depth: str) -> None:
    """How many examples property tests try; a busy machine is no fault of theirs."""
    from hypothesis import settings

    if depth not in _EXAMPLES:
        raise pytest.UsageError(f"REGIOHUB_TEST_DEPTH={depth}: give one of {', '.join(_EXAMPLES)}")
    settings.register_profile("regiohub", max_examples=_EXAMPLES[depth], deadline=None)
    settings.load_profile("regiohub")
