"""The mail server that keeps what it receives."""

import asyncio
from email.message import EmailMessage

import aiosmtplib
import pytest

from regiohub.testing.services import SmtpSink


def _mail(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rathaus@example.org", "anna@example.org", subject
    message.set_content("Ihre Buchung für den großen Saal ist bestätigt.")
    return message


async def _send(sink: SmtpSink, subject: str) -> None:
    await aiosmtplib.send(_mail(subject), hostname=sink.host, port=sink.port, start_tls=False)


async def test_a_mail_is_kept_with_its_umlauts(smtp_server: SmtpSink) -> None:
    await _send(smtp_server, "Bestätigung")
    (received,) = await asyncio.to_thread(smtp_server.wait_for, 1)
    assert received["Subject"] == "Bestätigung"
    assert "großen Saal ist bestätigt" in received.get_content()


async def test_each_test_begins_with_an_empty_sink(smtp_server: SmtpSink) -> None:
    assert smtp_server.messages == []


async def test_a_refusal_reaches_the_sender_and_nothing_is_kept(smtp_server: SmtpSink) -> None:
    smtp_server.refuse = "452 mailbox is full"
    with pytest.raises(aiosmtplib.SMTPDataError, match="mailbox is full"):
        await _send(smtp_server, "Bestätigung")
    assert smtp_server.messages == []


def test_waiting_for_a_mail_that_never_comes_ends_with_an_error(smtp_server: SmtpSink) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        smtp_server.wait_for(1, timeout=0.05)
