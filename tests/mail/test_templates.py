"""Templates: subject from the first line, values in the town's time and the reader's language, nothing injected."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regiohub.mail import Unsendable
from regiohub.mail.templates import MOST_SUBJECT, MailTemplates

BERLIN = ZoneInfo("Europe/Berlin")
TOWN = {"name": "Landeshauptstadt Potsdam", "short_name": "Potsdam", "url": "https://example.org/potsdam/"}
DATA: dict[str, Any] = {
    "room": "Großer Saal", "starts_at": "2026-07-04T16:30:00Z", "price": "1234.5", "seats": 1200, "town": TOWN,
    "locale": "de",
}  # fmt: skip


def test_the_german_text_has_subject_local_time_amount_and_footer(package: str) -> None:
    written = MailTemplates({"posted": package}).write("posted/confirmed", DATA, "de", BERLIN)
    assert written.subject == "Buchung bestätigt: Großer Saal"
    assert "Großer Saal ist am Samstag, 4. Juli 2026, 18:30 für Sie frei." in written.text
    assert "Preis: 1.234,50\xa0€" in written.text
    assert "https://example.org/potsdam/" in written.text
    assert "Bitte antworten Sie nicht" in written.text


def test_the_english_text_is_english(package: str) -> None:
    written = MailTemplates({"posted": package}).write("posted/confirmed", DATA, "en", BERLIN)
    assert written.subject == "Booking confirmed: Großer Saal"
    assert written.text.strip() == "Großer Saal is yours on Saturday, 4 July 2026 at 18:30 (€1,234.50, 1,200 seats)."
    assert written.html is None


def test_html_is_escaped_and_says_its_language(package: str) -> None:
    data = {**DATA, "room": "<script>alert(1)</script>"}
    html = MailTemplates({"posted": package}).write("posted/confirmed", data, "de", BERLIN).html
    assert html is not None
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert '<html lang="de">' in html


def test_a_value_with_line_breaks_stays_in_the_subject_line(package: str) -> None:
    data = {**DATA, "room": "Saal\r\nBcc: all@example.org\n\nHello"}
    written = MailTemplates({"posted": package}).write("posted/confirmed", data, "de", BERLIN)
    assert written.subject == "Buchung bestätigt: Saal Bcc: all@example.org Hello"
    assert written.text.startswith("Guten Tag,")


def test_a_subject_is_bounded(package: str) -> None:
    written = MailTemplates({"posted": package}).write("posted/confirmed", {**DATA, "room": "x" * 999}, "de", BERLIN)
    assert len(written.subject) == MOST_SUBJECT


@pytest.mark.parametrize("template", ["posted/unknown", "other/confirmed"])
def test_a_missing_template_is_named(package: str, template: str) -> None:
    with pytest.raises(Unsendable, match=f"template {template}"):
        MailTemplates({"posted": package}).write(template, DATA, "de", BERLIN)


def test_a_template_that_uses_a_missing_value_is_named_without_the_data(package: str) -> None:
    with pytest.raises(Unsendable, match=r"posted/broken\.de: UndefinedError") as fault:
        MailTemplates({"posted": package}).write("posted/broken", DATA, "de", BERLIN)
    assert "Saal" not in str(fault.value)


def test_a_moment_without_offset_is_refused(package: str) -> None:
    with pytest.raises(Unsendable, match="ValueError"):
        MailTemplates({"posted": package}).write(
            "posted/confirmed", {**DATA, "starts_at": "2026-07-04T16:30:00"}, "de", BERLIN
        )


def test_a_plugin_without_mails_needs_no_folder() -> None:
    assert "core/layout.html" in list(MailTemplates({"sampler": "regiohub"}).names())
