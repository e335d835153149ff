"""Pages of the staff console, for the hook `register_console`.

Kept apart from `regiohub.api`, so that a plugin without pages loads nothing of the web.
"""

from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormField, FormModel, asked
from regiohub.console.listing import Cell, Choice, Column, Filter, Found, Listing, Tone
from regiohub.console.page import Page
from regiohub.plugins.parts import ConsoleEntry, ConsolePart

__all__ = [
    "Cell",
    "Choice",
    "Column",
    "ConsoleEntry",
    "ConsolePart",
    "Filter",
    "Form",
    "FormField",
    "FormModel",
    "Found",
    "Listing",
    "Page",
    "Tone",
    "TownPage",
    "asked",
]
