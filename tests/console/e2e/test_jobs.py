"""The main jobs in Chromium: with the mouse, with the keyboard alone, and with a real Keycloak."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

from regiohub.testing.services import SmtpSink

from . import jobs
from .hands import Hands, Keyboard, Mouse
from .jobs import Desk
from .site import Site, running
from .visitor import Visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="session")
def keycloak_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The platform with a real Keycloak, which sends its mails to the test's mail server."""
    realm, sink = request.getfixturevalue("keycloak_server"), request.getfixturevalue("_smtp_server")
    realm.server.mail_to(sink.port)
    with running(tmp_path_factory.mktemp("keycloak-site"), realm=realm) as site:
        yield site


@pytest.fixture(params=["mouse", "keyboard", pytest.param("keycloak", marks=pytest.mark.keycloak)])
def place(request: pytest.FixtureRequest) -> tuple[Site, str]:
    """Where, and with which hands. Not asynchronous: what is started here may run loops of its own."""
    return request.getfixturevalue("keycloak_site" if request.param == "keycloak" else "dev_site"), request.param


@pytest.fixture
async def desk(place: tuple[Site, str], browser: Browser) -> AsyncIterator[Desk]:
    """Somebody at work. Nothing that he does may break a policy or ask another host."""
    site, kind = place
    visitor = await Visitor.at(browser, site)
    hands: Hands = Keyboard(visitor.page) if kind == "keyboard" else Mouse()
    yield Desk(visitor, hands)
    assert visitor.faults == []


async def test_switching_a_plugin_counts_at_once(desk: Desk) -> None:
    await jobs.switch_a_plugin(desk)


async def test_changing_a_setting_is_checked_and_kept(desk: Desk) -> None:
    await jobs.change_a_setting(desk)


async def test_inviting_a_person_sends_a_mail(desk: Desk, smtp_server: SmtpSink) -> None:
    def mails() -> str:
        # Keycloak writes by itself; at the built-in issuer the platform does.
        at_keycloak = " ".join(str(message["to"]) for message in smtp_server.messages)
        return at_keycloak if desk.site.realm else "".join(desk.site.mails)

    await jobs.invite_a_person(desk, mails)


async def test_approving_a_booking_takes_it_off_the_queue(desk: Desk) -> None:
    await jobs.approve_a_booking(desk)


async def test_uplink_arrives_on_an_open_page(desk: Desk) -> None:
    await jobs.watch_an_uplink_arrive(desk)


async def test_logging_out_everywhere_ends_every_browser(desk: Desk, browser: Browser) -> None:
    await jobs.log_out_everywhere(desk, await Visitor.at(browser, desk.site))
