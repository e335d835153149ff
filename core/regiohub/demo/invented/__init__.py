"""Invented towns in any number, to see how an installation carries them."""

from .towns import InventedTown, invented
from .writing import Written, insert_rows, write_towns

__all__ = ["InventedTown", "Written", "insert_rows", "invented", "write_towns"]
