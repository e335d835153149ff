"""Mail: written from templates in German and English, sent from the outbox over SMTP or into files."""

from .addresses import checked_address
from .faults import Unsendable
from .mail import Mail
from .postman import Postman
from .transport import FileTransport, MailTransport, SmtpTransport, transport_for

__all__ = [
    "FileTransport",
    "Mail",
    "MailTransport",
    "Postman",
    "SmtpTransport",
    "Unsendable",
    "checked_address",
    "transport_for",
]
