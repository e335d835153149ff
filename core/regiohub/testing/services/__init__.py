"""Private servers for tests: PostgreSQL, Mosquitto, a mail sink and Chromium.

Each is a context manager that needs no test framework: it starts the program on a free port or socket with a folder
of its own, and ends it when the block is left. A program that is not installed raises :class:`MissingProgramError`.
The fixtures for pytest stand in :mod:`regiohub.testing.services.fixtures`.
"""

from regiohub.testing.services.browser import chromium
from regiohub.testing.services.mosquitto import MosquittoBroker, mosquitto
from regiohub.testing.services.postgresql import PostgresServer, postgresql
from regiohub.testing.services.programs import MissingProgramError
from regiohub.testing.services.smtp import SmtpSink, smtp_sink

__all__ = [
    "MissingProgramError",
    "MosquittoBroker",
    "PostgresServer",
    "SmtpSink",
    "chromium",
    "mosquitto",
    "postgresql",
    "smtp_sink",
]
