"""Structured logs: one line per event, with the request's id and the town where there is one.

No log line carries a query string, a search word, a token or a request body. Libraries that use the standard logging
module end up in the same stream.
"""

import logging
import sys
from typing import Any

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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
