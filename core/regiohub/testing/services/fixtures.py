"""pytest fixtures for the private services.

A missing program skips the tests that need it, and the reason names the package to install. With
``REGIOHUB_TEST_REQUIRE=all`` (continuous integration), or a list such as ``postgresql,browser``, it fails them.
"""

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from regiohub.testing.marks import async_fixture
from regiohub.testing.services import (
    MissingProgramError,
    MosquittoBroker,
    PostgresServer,
    SmtpSink,
    chromium,
    mosquitto,
    postgresql,
    smtp_sink,
)

if TYPE_CHECKING:
    from playwright.async_api import Page

    from regiohub.testing.services.keycloak import ExampleRealm


@contextmanager
def required(service: str) -> Generator[None]:
    """Turn :class:`MissingProgramError` into a skip, or into a failure where ``service`` is required."""
    try:
        yield
    except MissingProgramError as missing:
        wanted = {name.strip() for name in os.environ.get("REGIOHUB_TEST_REQUIRE", "").split(",")}
        if wanted & {"all", service}:
            pytest.fail(f"{service} is required here, but {missing}", pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_server() -> Generator[PostgresServer]:
    """A PostgreSQL server with PostGIS, one for each test process."""
    with required("postgresql"), postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mosquitto_broker() -> Generator[MosquittoBroker]:
    """A Mosquitto broker with passwords and TLS, one for each test process."""
    with required("mosquitto"), mosquitto() as broker:
        yield broker


@pytest.fixture(scope="session")
def keycloak_server() -> "Generator[ExampleRealm]":
    """A Keycloak with the region's realm, four towns and their people, one for the whole run.

    The name of each test that uses it contains "keycloak" (folder, file, function or parameter): that is how parallel
    runs keep them together.
    """
    # Here, so that the fixtures load without the platform.
    from regiohub.testing.services.keycloak import example_realm

    with required("keycloak"), example_realm() as realm:
        yield realm


@pytest.fixture(scope="session")
def _smtp_server() -> Generator[SmtpSink]:
    with smtp_sink() as sink:
        yield sink


@pytest.fixture
def smtp_server(_smtp_server: SmtpSink) -> SmtpSink:
    """A mail server that keeps what it receives; empty at the beginning of each test."""
    _smtp_server.clear()
    return _smtp_server


@async_fixture
async def browser_page() -> "AsyncGenerator[Page]":
    """An empty page of a fresh Chromium. The synchronous API of Playwright would block the tests' event loop."""
    with required("browser"):
        async with chromium() as browser:
            yield await browser.new_page(locale="de-DE")
