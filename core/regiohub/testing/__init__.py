"""The test kit for plugins: whole installations, towns, callers and a clock that stands still."""

from regiohub.clock import FrozenClock
from regiohub.testing.databases import Address
from regiohub.testing.world import START, Answer, World, open_world

__all__ = ["START", "Address", "Answer", "FrozenClock", "World", "open_world"]
