"""Fixtures: the probe on the path, and a PostgreSQL that keeps what it has confirmed."""

from __future__ import annotations

import sys
from collections.abc import Generator

import pytest

from regiohub.testing.installations import Engine, Installations
from regiohub.testing.services import PostgresServer, postgresql
from regiohub.testing.services.fixtures import required

from .machine import SITE


@pytest.fixture(scope="session")
def _probe() -> Generator[None]:
    """The probe can be imported while these tests run."""
    sys.path.insert(0, str(SITE))
    yield
    sys.path.remove(str(SITE))
    sys.modules.pop("durability_probe", None)


@pytest.fixture(scope="session")
def postgres_server() -> Generator[PostgresServer]:
    """A server of our own, which is restarted, and which waits for its log before it confirms a commit."""
    with required("postgresql"), postgresql(synchronous_commit="on", full_page_writes="on") as server:
        yield server


@pytest.fixture(scope="session")
def installations(
    _probe: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installations:
    """Databases on that server."""
    return Installations(request, tmp_path_factory)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each database."""
    return request.param
