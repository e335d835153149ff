"""People and machine clients of the built-in issuer, kept in a file of the data folder. For development only."""

from .directory import DevDirectory
from .records import DevClient, DevPerson

__all__ = ["DevClient", "DevDirectory", "DevPerson"]
