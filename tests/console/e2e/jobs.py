"""The main jobs of the console, each from the first click to the proof that it is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import httpx
from playwright.async_api import Locator, Page, expect

from .hands import Hands
from .site import TOWN, Site
from .visitor import Visitor

HEALTH = "health_directory"


@dataclass
class Desk:
    """Somebody at work: who, and with which hands."""

    visitor: Visitor
    hands: Hands

    @property
    def page(self) -> Page:
        """What he sees."""
        return self.visitor.page

    @property
    def site(self) -> Site:
        """Where."""
        return self.visitor.site

    async def choose(self, name: str) -> None:
        """An entry of the main menu."""
        menu = self.page.get_by_role("navigation", name="Hauptmenü")
        # A number of open things may stand behind the words.
        await self.hands.press(menu.get_by_role("link", name=re.compile(rf"^{name}\b")).first)

    async def press(self, name: str | re.Pattern[str], *, inside: Locator | None = None) -> None:
        """A button by its name."""
        await self.hands.press((inside or self.page).get_by_role("button", name=name).first)


async def _has_directory(site: Site) -> bool:
    """Whether the town's interface and its open data show the directory; both or neither."""
    async with httpx.AsyncClient(base_url=f"{site.base}/{TOWN}", timeout=30) as client:
        schema = (await client.get("/schema.graphql")).text
        services = await client.get("/hsds/services")
    has_fields = "healthDirectory" in schema
    assert has_fields is (services.status_code == 200)
    return has_fields


async def switch_a_plugin(desk: Desk) -> None:
    """A regional admin switches a plugin off in a town and on again; the question says what will vanish."""
    await desk.visitor.sign_in("regional-admin")
    await desk.choose("Plugins je Kommune")
    assert await _has_directory(desk.site)
    for verb, is_there in (("Ausschalten", False), ("Einschalten", True)):
        await desk.press(re.compile(rf"{verb}\s+{HEALTH}, Potsdam"))
        await expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Potsdam")
        await expect(desk.page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
        await desk.press(verb)
        await expect(desk.page.get_by_role("status").first).to_contain_text("Potsdam")
        assert await _has_directory(desk.site) is is_there


async def change_a_setting(desk: Desk) -> None:
    """A town's admin changes how long a hold lasts; nonsense is refused at its field."""
    await desk.visitor.sign_in("tenant-admin", f"/console/{TOWN}/")
    await desk.choose("Einstellungen")
    await desk.hands.press(desk.page.locator('main a[href$="/settings/booking"]').first)
    field = desk.page.get_by_label("Vormerkung gilt (Minuten)")
    await desk.hands.write(field, "999")
    await desk.press("Speichern")
    await expect(desk.page.get_by_label("Vormerkung gilt (Minuten)")).to_have_attribute("aria-invalid", "true")
    await desk.hands.write(desk.page.get_by_label("Vormerkung gilt (Minuten)"), "17")
    await desk.press("Speichern")
    await expect(desk.page.get_by_role("status").first).to_contain_text("Gespeichert")
    await desk.page.reload()
    await expect(desk.page.get_by_label("Vormerkung gilt (Minuten)")).to_have_value("17")


async def invite_a_person(desk: Desk, mails: Callable[[], str]) -> None:
    """A town's admin invites a colleague, who gets a mail and stands in the list."""
    await desk.visitor.sign_in("tenant-admin", f"/console/{TOWN}/")
    await desk.choose("Zugang")
    await desk.hands.press(desk.page.get_by_role("link", name="Person einladen").first)
    address = f"nina-{uuid4().hex[:6]}@example.org"
    await desk.hands.write(desk.page.get_by_label("E-Mail-Adresse"), address)
    await desk.hands.write(desk.page.get_by_label("Vorname"), "Nina")
    await desk.hands.write(desk.page.get_by_label("Nachname"), "Neu")
    await desk.hands.press(desk.page.get_by_label(re.compile("^Redaktion")))
    await desk.press("Einladen")
    await expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Nina Neu")
    await expect(desk.page.get_by_role("main")).to_contain_text("eingeladen")
    for _ in range(100):
        if address in mails():
            return
        await desk.page.wait_for_timeout(100)
    raise AssertionError(f"no mail to {address}")


async def approve_a_booking(desk: Desk) -> None:
    """Staff approve the oldest request that nothing stands against; it leaves the queue."""
    await desk.visitor.sign_in("tenant-admin", f"/console/{TOWN}/")
    await desk.choose("Anfragen")
    rows = desk.page.locator("#list-requests tbody tr")
    free = rows.filter(has_not=desk.page.locator(".kern-badge--danger")).first
    number = (await free.locator("td").first.inner_text()).strip()
    await desk.press(re.compile("Genehmigen"), inside=free)
    await expect(desk.page.get_by_role("status").first).to_contain_text("bestätigt")
    await expect(desk.page.locator("#list-requests")).not_to_contain_text(number)


async def watch_an_uplink_arrive(desk: Desk) -> None:
    """Staff make an ingest key, open a device and see the next uplink appear without touching the page."""
    await desk.visitor.sign_in("tenant-admin", f"/console/{TOWN}/")
    await desk.choose("Anbindung")
    label = f"Probe {uuid4().hex[:6]}"
    await desk.hands.write(desk.page.locator("form.form input[type=text]").first, label)
    await desk.press("Schlüssel anlegen")
    key = (await desk.page.locator("code.secret").inner_text()).strip()
    await desk.choose("Geräte")
    await desk.hands.press(desk.page.locator("#list-devices tbody a").first)
    eui = (await desk.page.get_by_text(re.compile("^[0-9a-fA-F]{16}$")).first.inner_text()).strip()
    rows = desk.page.locator("#uplinks tr[id]")
    before = await rows.first.get_attribute("id") if await rows.count() else None
    address = desk.page.url
    counter = uuid4().int % 60_000
    uplink = {
        "deduplicationId": str(uuid4()),
        "time": datetime.now(UTC).isoformat(),
        "deviceInfo": {"devEui": eui.lower()},
        "fCnt": counter,
        "fPort": 99,
        "data": "AQID",
        "rxInfo": [{"gatewayId": "0016c001f1500812", "rssi": -97, "snr": 7.5}],
        "txInfo": {"frequency": 868100000},
    }
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {key}"}, timeout=30) as network_server:
        answer = await network_server.post(f"{desk.site.base}/{TOWN}/lorawan/ingest/chirpstack?event=up", json=uplink)
    assert answer.status_code < 300, answer.text
    await expect(desk.page.locator("#uplinks")).to_contain_text("010203")
    assert await rows.first.get_attribute("id") != before
    assert desk.page.url == address


async def log_out_everywhere(desk: Desk, other: Visitor) -> None:
    """A person ends all her sign-ins from one browser; the other one is signed out at its next click."""
    await other.sign_in("tenant-admin", "/console/account")
    await desk.visitor.sign_in("tenant-admin", "/console/account")
    await expect(desk.page.locator("#list-sessions tbody tr")).not_to_have_count(1)
    await desk.press("Überall abmelden")
    await desk.page.wait_for_url(f"{desk.site.base}/")
    await other.go("/console/account")
    assert not other.page.url.startswith(f"{desk.site.base}/console/")
    await desk.visitor.go("/console/account")
    assert not desk.page.url.startswith(f"{desk.site.base}/console/")
