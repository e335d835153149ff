"""A mail as plugins ask for it: to whom, which template, with what data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_jsonable_python

from regiohub.texts import Language

from .addresses import checked_address

_TEMPLATE = re.compile(r"[a-z][a-z0-9_]*(/[a-z0-9_]+)+\Z")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one reader.

    ``template`` is ``<plugin>/<name>``, for files ``<package>/mail/<name>.<de|en>.txt`` and, if wanted, ``.html``; the
    first line of the text is the subject. ``data`` holds JSON-able values, moments and ids included. The mail is stored
    with the transaction that asks for it and sent after its commit, again if need be.
    """

    to: str
    template: str
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    locale: Language = "de"

    def check(self) -> None:
        """Refuse what can never be sent.

        :raises InvalidInput: the address is malformed (field ``to``).
        :raises ValueError: the template's name has another form than ``<plugin>/<name>``.
        """
        checked_address(self.to, field="to")
        if not _TEMPLATE.match(self.template):
            raise ValueError(f"mail template {self.template!r}: give it as '<plugin>/<name>'")

    def to_payload(self) -> dict[str, Any]:
        """What the outbox keeps until the mail is sent."""
        return {"to": self.to, "data": to_jsonable_python(dict(self.data)), "locale": self.locale}

    @classmethod
    def from_payload(cls, template: str, payload: Mapping[str, Any]) -> Mail:
        """The mail again, from what the outbox kept."""
        return cls(to=payload["to"], template=template, data=payload["data"], locale=payload["locale"])
