"""From a stored mail to a message on its way."""

from __future__ import annotations

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING
from uuid import UUID

from .addresses import checked_address
from .mail import Mail
from .templates import MailTemplates, Written

if TYPE_CHECKING:
    from datetime import datetime

    from regiohub.tenancy.info import TenantInfo

    from .transport import MailTransport


class Postman:
    """Writes mails from templates and hands them to the transport."""

    def __init__(self, transport: MailTransport, packages: Mapping[str, str], *, sender: str, base_url: str) -> None:
        """``packages``: plugin ids and their import packages; ``sender``: ``Name <address>``."""
        self._transport = transport
        self._templates = MailTemplates(packages)
        self._sender = checked_address(parseaddr(sender)[1], field="mail_from")
        self._base_url = base_url

    def knows(self, plugin: str) -> bool:
        """Whether templates of this plugin can be found."""
        return plugin == "core" or plugin in self._templates.plugins

    async def send(self, mail: Mail, tenant: TenantInfo, *, message_id: UUID, now: datetime) -> None:
        """Write and send a mail in the name of a town.

        ``message_id`` stays the same for each attempt, so that a mail that was sent twice is recognised as one.
        """
        town = {"name": tenant.name, "short_name": tenant.short_name, "url": f"{self._base_url}/{tenant.slug}/"}
        data = {**mail.data, "town": town, "locale": mail.locale}
        written = self._templates.write(mail.template, data, mail.locale, tenant.timezone)
        message = self._message(mail, tenant, written)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{message_id}@{self._sender.rpartition('@')[2]}>"
        await self._transport.send(message, folder=tenant.slug, name=str(message_id))

    def _message(self, mail: Mail, tenant: TenantInfo, written: Written) -> EmailMessage:
        message = EmailMessage()
        message["From"] = Address(" ".join(tenant.name.split()), addr_spec=self._sender)
        message["To"] = Address(addr_spec=checked_address(mail.to, field="to"))
        message["Subject"] = written.subject
        # No holiday replies to a machine (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(written.text)
        if written.html is not None:
            message.add_alternative(written.html, subtype="html")
        # Set last: adding the second part moves the content headers into the first.
        message["Content-Language"] = mail.locale
        return message
