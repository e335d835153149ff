"""Files for the browser: compressed, and cached for good under addresses that change with the content."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

FOLDER: Final = Path(__file__).parent / "static"
KERN: Final = ("vendor/kern/fonts/fira-sans.css", "vendor/kern/kern.min.css")


_HASHED: Final = re.compile(r"^(?P<stem>.+)\.(?P<mark>[0-9a-f]{12})(?P<suffix>\.[a-z0-9]+)$")


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        """As always, and for an address that names the content: never ask again.

        A name of another release gets the present content for this once: in a rolling update both are about.
        """
        named = _HASHED.match(path)
        plain = named["stem"] + named["suffix"] if named else path
        response = await super().get_response(plain, scope)
        lasting = named is not None and mark_of(plain) == named["mark"]
        # Files that load others by themselves (workers) name a version instead.
        lasting = lasting or scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "public, no-cache"
        return response


def static_app() -> ASGIApp:
    """The application to mount at ``/static``."""
    FOLDER.mkdir(exist_ok=True)
    return GZipMiddleware(_Files(directory=FOLDER), minimum_size=1024, compresslevel=6)


@lru_cache(maxsize=256)
def mark_of(path: str) -> str | None:
    """Twelve digits made from a file's content; None if it is not there."""
    file = FOLDER / path
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else None


def static_url(path: str) -> str:
    """Address of a file, with its content's mark in the name: ``pages.css`` is ``/static/pages.1a2b3c4d5e6f.css``."""
    mark = mark_of(path)
    stem, _, suffix = path.rpartition(".")
    return f"/static/{path}" if mark is None else f"/static/{stem}.{mark}.{suffix}"


@lru_cache(maxsize=1)
def style_sheets() -> tuple[str, ...]:
    """Style sheets of every page: the design system where it has been built, then our own, which stands alone too."""
    present = [path for path in KERN if (FOLDER / path).is_file()]
    return tuple(static_url(path) for path in (*present, "pages.css"))


@lru_cache(maxsize=1)
def console_style_sheets() -> tuple[str, ...]:
    """Style sheets of the console's pages."""
    return (*style_sheets(), static_url("console.css"))
