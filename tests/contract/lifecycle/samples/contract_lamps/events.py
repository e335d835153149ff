"""Events of the sample."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from regiohub.api import Event


@dataclass(frozen=True)
class LampLit(Event):
    """A lamp has been lit."""

    name: ClassVar[str] = "lamps.lit"
    lamp_id: UUID
