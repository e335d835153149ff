"""Why a mail could not be sent, without a word about its reader."""

from __future__ import annotations

from regiohub.events.faults import GiveUp


class Unsendable(Exception):
    """A mail could not be sent; its text names the kind of fault and never an address."""


class Refused(Unsendable, GiveUp):
    """The mail server refused this mail for good: another attempt would get the same answer."""
