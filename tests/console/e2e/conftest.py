"""A platform with demo content, Chromium in front of it, and people who sign in."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

from regiohub.testing.services.browser import chromium
from regiohub.testing.services.fixtures import required

from .site import Site, running
from .visitor import Visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(scope="session")
def dev_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The platform with its built-in issuer."""
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
async def browser() -> "AsyncIterator[Browser]":
    """A fresh Chromium."""
    with required("browser"):
        async with chromium() as opened:
            yield opened


@pytest.fixture
async def visitor(browser: "Browser", dev_site: Site) -> Visitor:
    """Somebody in front of a fresh browser."""
    return await Visitor.at(browser, dev_site)
