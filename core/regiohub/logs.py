"""Structured logs: one line per event, with the request's id and the town where there is one.

No log line carries a query string, a search word, a token or a request body. Libraries that use the standard logging
module end up in the same stream.
"""

import contextlib
import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

from regiohub.settings import Settings

# Their INFO lines repeat ours, or name full addresses, query strings included.
_QUIET = ("httpx", "httpcore", "aiosqlite", "asyncio", "alembic", "uvicorn.error")


def configure_logging(settings: Settings) -> None:
    """Sends structlog and the standard logging module to standard error, as JSON or for reading eyes.

    ``log_format`` ``auto`` means: for reading eyes on a terminal, otherwise JSON.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    for_eyes = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    # Without local variables: they hold tokens and what people have typed.
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    renderer: list[Any] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if for_eyes
        else [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer]
    )
    handler = logging.StreamHandler(sys.stderr) if for_eyes else JsonLines(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class JsonLines(logging.StreamHandler[Any]):
    """The handler of logs in JSON. `line` writes one without the machinery of records, frames and processors.

    For the line that every request leaves behind: by the usual way it costs more than a small operation.
    """

    def line(self, logger: str, event: str, fields: dict[str, Any]) -> None:
        """Write an event of level INFO with these fields and those of the context, in the form of all other lines."""
        content = {
            **structlog.contextvars.get_contextvars(),
            **fields,
            "event": event,
            "level": "info",
            "logger": logger,
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
        text = orjson.dumps(content, default=str).decode()
        # A full disk under the log must not fail the request that it tells of; the usual way is as forgiving.
        with contextlib.suppress(OSError), self.lock or contextlib.nullcontext():
            self.stream.write(text + self.terminator)
            self.stream.flush()


def inform(logger: str, event: str, **fields: Any) -> None:
    """Log an event that happens with every request, as cheaply as the form of the logs allows."""
    root = logging.getLogger()
    match root.handlers:
        case [JsonLines() as handler]:
            if root.isEnabledFor(logging.INFO):
                handler.line(logger, event, fields)
        case _:
            structlog.get_logger(logger).info(event, **fields)
