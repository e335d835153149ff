"""Who asks whom: two towns with equal ids in them, and the callers' tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from regiohub.auth.dev import DevIssuer
from regiohub.clock import Clock
from regiohub.settings import Settings

TOWN, OTHER = "potsdam", "bad-belzig"
MARKS = {TOWN: "Potsdam", OTHER: "Belzig"}
"""A word that stands in the names of a town's rows and of no other town's."""
ROLE = "auditor"
"""Reads what the public reads, and the radio identifiers of devices besides."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Bearer tokens: by town of somebody with the role there, one without any role, one with a broken signature."""

    of: dict[str, str]
    plain: str
    forged: str

    @classmethod
    def issue(cls, settings: Settings) -> Tokens:
        """Made by the built-in issuer with the key that all contenders read. Good for a day."""
        issuer = DevIssuer.from_settings(settings, Clock().now)
        assert issuer is not None
        day = timedelta(days=1)
        of = {town: issuer.issue_token(town, (ROLE,), subject="anna", lifetime=day) for town in MARKS}
        head, payload, signature = of[TOWN].split(".")
        forged = f"{head}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
        return cls(of, issuer.issue_token(subject="ben", lifetime=day), forged)
