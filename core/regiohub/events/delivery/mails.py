"""Sending a queued mail: written and sent outside any transaction, since servers may be slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from regiohub.events.catalogue import plugin_of
from regiohub.events.models import OutboxEntry
from regiohub.mail import Mail, Unsendable

from .outcome import Outcome, done, failed, waiting

if TYPE_CHECKING:
    from regiohub.mail import Postman
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

log = structlog.get_logger(__name__)


async def send_mail(platform: Platform, postman: Postman, tenant: TenantInfo, entry: OutboxEntry) -> Outcome:
    """Send a mail. A mail that was decided while its plugin was on is sent even if the plugin is off by now."""
    if not postman.knows(plugin_of(entry.name)):
        return waiting(entry, "the plugin with this mail's template is missing")
    try:
        await postman.send(
            Mail.from_payload(entry.name, entry.payload), tenant, message_id=entry.id, now=platform.clock.now()
        )
    except Exception as error:
        # What servers answer may repeat the address: the log and the entry get the kind of fault only.
        fault = error if isinstance(error, Unsendable) else Unsendable(type(error).__name__)
        log.warning("mail_failed", tenant=tenant.slug, template=entry.name, attempt=entry.attempts, error=str(fault))
        return failed(entry, fault, platform.clock.now())
    return done(entry, platform.clock.now())
