"""Ways out: a real mail server, or files that only the platform's user can read."""

from __future__ import annotations

import asyncio
import email
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest

from regiohub.mail import FileTransport, Mail, Postman, SmtpTransport, Unsendable
from regiohub.mail.faults import Refused
from regiohub.tenancy.info import TenantInfo
from regiohub.testing.services import SmtpSink

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
ID = UUID("0190163d-8694-739b-aea5-966c26f8ad90")
MAIL = Mail(
    "anna@example.org",
    "posted/confirmed",
    {"room": "Großer Saal", "starts_at": "2026-07-04T16:30:00Z", "price": "12", "seats": 3},
)


def _postman(transport: FileTransport | SmtpTransport, package: str) -> Postman:
    sender = "Regio.hub <noreply@rathaus.example>"
    return Postman(transport, {"posted": package}, sender=sender, base_url="https://hub.example")


def _plain(sink: SmtpSink) -> SmtpTransport:
    return SmtpTransport.from_url(f"smtp://{sink.host}:{sink.port}?tls=none")


async def test_a_mail_arrives_with_all_headers_text_and_html(
    smtp_server: SmtpSink, package: str, town: TenantInfo
) -> None:
    await _postman(_plain(smtp_server), package).send(MAIL, town, message_id=ID, now=NOW)
    (received,) = await asyncio.to_thread(smtp_server.wait_for, 1)
    assert received["To"] == "anna@example.org"
    assert received["From"] == "Landeshauptstadt Potsdam <noreply@rathaus.example>"
    assert received["Subject"] == "Buchung bestätigt: Großer Saal"
    assert received["Message-ID"] == f"<{ID}@rathaus.example>"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Content-Language"] == "de"
    assert received["Date"].datetime == NOW
    parts = [part.get_content_type() for part in received.walk() if not part.is_multipart()]
    assert parts == ["text/plain", "text/html"]


async def test_a_file_is_written_once_and_only_its_owner_reads_it(
    tmp_path: Path, package: str, town: TenantInfo
) -> None:
    postman = _postman(FileTransport(tmp_path / "mail"), package)
    await postman.send(MAIL, town, message_id=ID, now=NOW)
    await postman.send(MAIL, town, message_id=ID, now=NOW)
    (file,) = (tmp_path / "mail" / "potsdam").iterdir()
    assert file.name == f"{ID}.eml"
    assert file.stat().st_mode & 0o077 == 0
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert message["Subject"] == "Buchung bestätigt: Großer Saal"


@pytest.mark.parametrize(
    ("answer", "final"), [("550 no such user", True), ("452 mailbox is full", False), ("421 later", False)]
)
async def test_an_answer_of_the_server_is_final_or_worth_another_attempt(
    smtp_server: SmtpSink, package: str, town: TenantInfo, answer: str, final: bool
) -> None:
    smtp_server.refuse = answer
    with pytest.raises(Unsendable) as fault:
        await _postman(_plain(smtp_server), package).send(MAIL, town, message_id=ID, now=NOW)
    assert isinstance(fault.value, Refused) is final
    assert "anna" not in str(fault.value)


async def test_a_server_that_is_not_there_is_worth_another_attempt(package: str, town: TenantInfo) -> None:
    nobody = SmtpTransport(host="127.0.0.1", port=1, start_tls=False)
    with pytest.raises(Unsendable) as fault:
        await _postman(nobody, package).send(MAIL, town, message_id=ID, now=NOW)
    assert not isinstance(fault.value, Refused)


async def test_a_server_without_tls_is_refused_where_tls_is_asked_for(
    smtp_server: SmtpSink, package: str, town: TenantInfo
) -> None:
    demanding = SmtpTransport.from_url(f"smtp://{smtp_server.host}:{smtp_server.port}")
    with pytest.raises(Unsendable):
        await _postman(demanding, package).send(MAIL, town, message_id=ID, now=NOW)
    assert smtp_server.messages == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://anna:p%40ss@mail.example",
            SmtpTransport("mail.example", 587, "anna", "p@ss", implicit_tls=False, start_tls=True),
        ),
        ("smtps://mail.example", SmtpTransport("mail.example", 465, implicit_tls=True, start_tls=False)),
        ("smtp://localhost:25?tls=none", SmtpTransport("localhost", 25, start_tls=False)),
        ("smtp://mail.example:25?ca=/etc/ca.pem", SmtpTransport("mail.example", 25, ca_file="/etc/ca.pem")),
    ],
)
def test_addresses_of_servers_are_understood(url: str, expected: SmtpTransport) -> None:
    assert SmtpTransport.from_url(url) == expected


@pytest.mark.parametrize(
    "url", ["http://mail.example", "smtp://", "smtp://mail.example?tls=none", "smtp://mail.example?start=1"]
)
def test_addresses_that_are_malformed_or_would_send_in_the_clear_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="REGIOHUB_SMTP_URL"):
        SmtpTransport.from_url(url)
