"""Content that the demo does not bring: made by the console's own forms, filled in as somebody in a hurry would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from uuid import uuid4

import httpx

from .site import TOWN

CONSOLE = f"/console/{TOWN}"


class _Form(HTMLParser):
    """The fields of the main form of a page, with what they hold or what stands to choose."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = False
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("class") == "form"
        elif self._inside and tag == "select":
            self._select = given["name"]
            self.fields[self._select] = ""
        elif self._inside and tag == "option" and self._select and given.get("value"):
            if "selected" in given or not self.fields[self._select]:
                self.fields[self._select] = given["value"]
        elif self._inside and tag == "textarea":
            self.fields.setdefault(given["name"], "")
        elif self._inside and tag == "input" and given.get("type") not in ("checkbox", "radio", "file"):
            needed = "2026-11-01" if given.get("type") == "date" else "1" if "inputmode" in given else "Probe"
            self.fields[given["name"]] = given.get("value") or (needed if "required" in given else "")

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None


def submit(client: httpx.Client, path: str, wanted: Mapping[str, str] | None = None) -> httpx.Response:
    """Open the page of a form, fill in what it needs, and send it. It must be taken."""
    page = client.get(path, headers={"accept": "text/html"})
    assert page.status_code == 200, f"{path}: {page.status_code}"
    form = _Form()
    form.feed(page.text)
    headers = {"sec-fetch-site": "same-origin", "accept": "text/html"}
    answer = client.post(path, data=form.fields | dict(wanted or {}), headers=headers)
    assert answer.status_code in (200, 303), f"{path}: {answer.status_code} {re.findall('kern-error.*', answer.text)}"
    return answer


def link_like(client: httpx.Client, path: str, pattern: str) -> str:
    """The first link of a page whose address fits."""
    page = client.get(path, headers={"accept": "text/html"})
    return next(unescape(link) for link in re.findall(r'href="([^"]+)"', page.text) if re.search(pattern, link))


def prepare(client: httpx.Client) -> None:
    """An objective, an indicator with figures, a machine client, an unknown device's message, decoding once more."""
    measure = link_like(client, f"{CONSOLE}/measures", rf"^{CONSOLE}/measures/(?!new$)[a-z0-9-]+$")
    submit(client, f"{measure}/objectives/new")
    submit(client, f"{measure}/indicators/new")
    indicator = link_like(client, f"{CONSOLE}/indicators", rf"^{CONSOLE}/indicators/[0-9a-f-]{{36}}$")
    # Two figures: from the second on there is a chart.
    for day in ("2026-10-01", "2026-11-01"):
        submit(client, indicator, {"on": day})
    submit(client, f"{CONSOLE}/access/clients/new", {"purpose": f"probe-{uuid4().hex[:6]}"})
    made = client.post(
        f"{CONSOLE}/lorawan/intake/keys",
        data={"label": f"Probe {uuid4().hex[:6]}", "csrf": _csrf(client)},
        headers={"sec-fetch-site": "same-origin", "accept": "text/html"},
    )
    key = re.search(r'<code class="secret"[^>]*>([^<]+)<', made.text)
    assert key, made.text[:300]
    unknown = {
        "deduplicationId": str(uuid4()),
        "time": datetime.now(UTC).isoformat(),
        "deviceInfo": {"devEui": uuid4().hex[:16]},
        "fCnt": 1,
        "fPort": 2,
        "data": "AQID",
        "rxInfo": [{"gatewayId": "0016c001f1500812", "rssi": -97, "snr": 7.5}],
        "txInfo": {"frequency": 868100000},
    }
    answer = httpx.post(
        f"{client.base_url}/{TOWN}/lorawan/ingest/chirpstack?event=up", json=unknown, timeout=30,
        headers={"authorization": f"Bearer {key[1].strip()}"},
    )  # fmt: skip
    # Kept until somebody registers the device: that is the page to be looked at.
    assert (answer.status_code, answer.json()["code"]) == (404, "UNKNOWN_DEVICE")
    submit(client, f"{CONSOLE}/lorawan/redecoding", {"codec_id": ""})


def _csrf(client: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/console/account").text)
    assert found
    return found[1]
