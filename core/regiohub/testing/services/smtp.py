"""A mail server that keeps what it receives."""

import email
import email.policy
import threading
from collections.abc import Generator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from regiohub.testing.services.processes import free_port


class SmtpSink:
    """Receives mail on 127.0.0.1 and delivers nothing. ``refuse`` makes it answer with that reply instead."""

    def __init__(self, port: int) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.refuse: str | None = None
        self._messages: list[EmailMessage] = []
        self._arrived = threading.Condition()

    @property
    def messages(self) -> list[EmailMessage]:
        """What has arrived so far, oldest first."""
        with self._arrived:
            return list(self._messages)

    def wait_for(self, count: int, *, timeout: float | None = 10) -> list[EmailMessage]:
        """Return the messages once ``count`` have arrived; ``timeout=None`` waits for ever.

        Raises:
            TimeoutError: if fewer have arrived after ``timeout`` seconds.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._messages) >= count, timeout):
                raise TimeoutError(f"{len(self._messages)} of {count} mails arrived within {timeout} s")
            return list(self._messages)

    def clear(self) -> None:
        """Forget what has arrived and accept again."""
        with self._arrived:
            self._messages.clear()
            self.refuse = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        """Keep one message (called by the server, in its own thread)."""
        if self.refuse is not None:
            return self.refuse
        content: bytes = envelope.original_content
        message = email.message_from_bytes(content, policy=email.policy.default)
        with self._arrived:
            self._messages.append(message)
            self._arrived.notify_all()
        return "250 OK"


@contextmanager
def smtp_sink() -> Generator[SmtpSink]:
    """Start a mail server on a free port, yield it and end it."""
    # Here: only the development environment has it.
    from aiosmtpd.controller import Controller

    sink = SmtpSink(free_port())
    controller = Controller(sink, hostname=sink.host, port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
