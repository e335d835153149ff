"""Invented towns in any number, to see how an installation carries them."""

from .towns import InventedTown, invented
from .writing import Written, write_towns

__all__ = ["InventedTown", "Written", "invented", "write_towns"]
