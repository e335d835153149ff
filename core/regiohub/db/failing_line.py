"""Where a migration fails: authors look for the line of their file, not for that of a library."""

from __future__ import annotations

import traceback
from pathlib import Path


def failing_line(error: BaseException) -> tuple[Path, int] | None:
    """File and line of the migration that an error comes from, or that is no Python; None: it comes from none."""
    frames = [(Path(frame.filename), frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        frames.append((Path(error.filename), error.lineno or 0))
    return next((found for found in reversed(frames) if found[0].parent.name == "versions"), None)
