"""Events."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from regiohub.api import Event


@dataclass(frozen=True)
class PlaceOpened(Event):
    """A place has been opened."""

    name: ClassVar[str] = "places.opened"
    place_id: UUID
