"""Lists that filter, sort, page and export, declared once."""

from .declare import Cell, Choice, Column, Filter, Listing, Tone
from .found import Found
from .reading import Wanted, wanted_of

__all__ = ["Cell", "Choice", "Column", "Filter", "Found", "Listing", "Tone", "Wanted", "wanted_of"]
