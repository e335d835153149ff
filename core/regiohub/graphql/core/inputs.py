"""From an input to plain values for a service: only what the caller has given."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from strawberry.types.unset import UNSET


def given(input: Any) -> dict[str, Any]:
    """The members of an input that the caller has given, null included."""
    members = {member.name: getattr(input, member.name) for member in fields(input)}
    return {name: value for name, value in members.items() if value is not UNSET}
