"""Where a person goes after signing in: an address of this platform and no other."""

from typing import Final
from urllib.parse import urlsplit

HOME: Final = "/console/"
_LONGEST: Final = 1000


def local_path(wanted: str | None) -> str:
    """The wanted path with its query if it is one of this platform, else the console's first page.

    Anything that a browser might read as another host is refused: ``//host``, ``/\\host``, a scheme, control
    characters (which browsers leave out before they look). So is the sign-in itself, which would go in circles.
    """
    if not wanted or len(wanted) > _LONGEST or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return HOME
    if "\\" in wanted or not wanted.isprintable() or any(character.isspace() for character in wanted):
        return HOME
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith("/auth/"):
        return HOME
    return wanted
