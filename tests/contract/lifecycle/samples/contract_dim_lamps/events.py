"""Events as they should not be."""

from dataclasses import dataclass
from typing import ClassVar

from regiohub.api import Event


class NotFrozen(Event):
    """Forgot the decorator."""

    name: ClassVar[str] = "lamps.not_frozen"


@dataclass(frozen=True)
class Foreign(Event):
    """Bears another plugin's name."""

    name: ClassVar[str] = "wells.dried_up"
    well: str


@dataclass(frozen=True)
class Wordless(Event):
    name: ClassVar[str] = "lamps.wordless"
    lamp: str


@dataclass(frozen=True)
class Empty(Event):
    """Says nothing about what happened to what."""

    name: ClassVar[str] = "lamps.empty"


@dataclass(frozen=True)
class Twin(Event):
    """Has the name of another one."""

    name: ClassVar[str] = "lamps.empty"
    lamp: str


class Thing:
    """Nothing that JSON knows."""


@dataclass(frozen=True)
class Unstorable(Event):
    """Holds what cannot be stored."""

    name: ClassVar[str] = "lamps.unstorable"
    thing: Thing
