"""Files for the browser: compressed, and cached for good under addresses that change with the content."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

FOLDER: Final = Path(__file__).parent / "static"
KERN: Final = ("vendor/kern/fonts/fira-sans.css", "vendor/kern/kern.min.css")


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        """As always, and for a versioned address: never ask again."""
        response = await super().get_response(path, scope)
        versioned = scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "public, no-cache"
        return response


def static_app() -> ASGIApp:
    """The application to mount at ``/static``."""
    FOLDER.mkdir(exist_ok=True)
    return GZipMiddleware(_Files(directory=FOLDER), minimum_size=1024, compresslevel=6)


@lru_cache(maxsize=256)
def static_url(path: str) -> str:
    """Address of a file with a version made from its content; without one if the file is not there."""
    file = FOLDER / path
    if not file.is_file():
        return f"/static/{path}"
    return f"/static/{path}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def style_sheets() -> tuple[str, ...]:
    """Style sheets of every page: the design system where it has been built, then our own, which stands alone too."""
    present = [path for path in KERN if (FOLDER / path).is_file()]
    return tuple(static_url(path) for path in (*present, "pages.css"))


@lru_cache(maxsize=1)
def console_style_sheets() -> tuple[str, ...]:
    """Style sheets of the console's pages."""
    return (*style_sheets(), static_url("console.css"))
