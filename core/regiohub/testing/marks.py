"""What makes asynchronous fixtures and tests run however pytest-asyncio is set, and pytest start without it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

if find_spec("pytest_asyncio"):
    import pytest_asyncio

    async_fixture: Any = pytest_asyncio.fixture
else:
    # Only tests that ask for such a fixture fail then, and pytest says why.
    async_fixture = pytest.fixture

MARKERS = (
    "regiohub(plugins=(), towns={}, entries=()): plugins and towns of the test's world",
    "postgresql: needs a PostgreSQL server with PostGIS",
    "mosquitto: needs the Mosquitto broker",
    "browser: needs Chromium",
    "keycloak: needs Java, and Maven to obtain Keycloak",
)
"""Markers that the kit knows, with their meaning."""
