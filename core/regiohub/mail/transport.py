"""Where mails go: a mail server, or files in the data folder."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import anyio

from regiohub.files import write_whole
from regiohub.settings import Settings, is_loopback

from .faults import Refused, Unsendable

TIMEOUT_SECONDS = 20.0


class MailTransport(Protocol):
    """A way to hand over a mail."""

    async def send(self, message: EmailMessage, *, folder: str, name: str) -> None:
        """Hand a mail over. ``folder`` (slug of the town) and ``name`` (id of the mail) are unique together."""
        ...


@dataclass(frozen=True, slots=True)
class FileTransport:
    """Writes each mail to ``<folder of the town>/<id>.eml``, readable by the platform's user only."""

    root: Path

    async def send(self, message: EmailMessage, *, folder: str, name: str) -> None:
        """Write the file completely or not at all; sent twice it is there once."""
        await anyio.to_thread.run_sync(self._write, message.as_bytes(policy=SMTP_POLICY), folder, name)

    def _write(self, content: bytes, folder: str, name: str) -> None:
        write_whole(self.root / folder / f"{name}.eml", content)


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """Hands mails to a mail server (submission, RFC 6409), with TLS from the start or by STARTTLS."""

    host: str
    port: int
    username: str | None = None
    password: str | None = None
    implicit_tls: bool = False
    start_tls: bool = True
    ca_file: str | None = None

    @classmethod
    def from_url(cls, url: str) -> SmtpTransport:
        """``smtp://user:password@host:587`` (STARTTLS), ``smtps://host:465`` (TLS from the start).

        ``?tls=none`` switches encryption off, for a server on the same machine only; ``?ca=<file>`` names the
        certificate authorities to trust instead of the system's.

        :raises ValueError: the address is malformed or asks for an unencrypted connection to another machine.
        """
        parts = urlsplit(url)
        options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        unknown = set(options) - {"tls", "ca"}
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or unknown:
            raise ValueError("REGIOHUB_SMTP_URL has the form smtp://user:password@host:587 or smtps://host:465")
        plain = options.get("tls") == "none"
        if plain and (not is_loopback(parts.hostname) or parts.scheme == "smtps"):
            raise ValueError("REGIOHUB_SMTP_URL: tls=none is for smtp:// to a server on the same machine only")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if implicit else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            implicit_tls=implicit,
            start_tls=not implicit and not plain,
            ca_file=options.get("ca"),
        )

    async def send(self, message: EmailMessage, *, folder: str, name: str) -> None:
        """Hand a mail over on a connection of its own.

        :raises Refused: the server refuses this mail for good.
        :raises Unsendable: the server cannot be reached or has no time now.
        """
        del folder, name
        import aiosmtplib  # only where mails go to a server

        encrypted = self.implicit_tls or self.start_tls
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.implicit_tls,
                start_tls=self.start_tls,
                tls_context=ssl.create_default_context(cafile=self.ca_file) if encrypted else None,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code) from None
        except (aiosmtplib.SMTPDataError, aiosmtplib.SMTPRecipientRefused) as error:
            raise _refusal(error.code) from None
        except aiosmtplib.SMTPResponseException as error:
            # About signing in or the server's state, not about this mail: the operator can mend it.
            raise Unsendable(f"the mail server answered {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unsendable(f"the mail server cannot be used: {type(error).__name__}") from None


def _refusal(code: int) -> Unsendable:
    """What an answer about one mail means: 5xx is final, 4xx is worth another attempt (RFC 5321, 4.2.1)."""
    text = f"the mail server answered {code}"
    return Refused(text) if 500 <= code < 600 else Unsendable(text)


def transport_for(settings: Settings) -> MailTransport:
    """The configured way: SMTP if ``smtp_url`` is set, otherwise files in ``data_dir/mail``."""
    url = settings.smtp_url.get_secret_value()
    return SmtpTransport.from_url(url) if url else FileTransport(settings.data_dir / "mail")
