"""The manifest, and an adapter that has a name and nothing to open."""

from collections.abc import Sequence
from dataclasses import dataclass

from regiohub.api import Plugin, t

plugin = Plugin("keys", t("Schlüssel", "Keys"), t("Schlösser.", "Locks."), requires=("booking",))


@dataclass(frozen=True)
class Adapter:
    """What booking asks for when a room names a lock."""

    name: str


@plugin.hook
def register_lock_adapters() -> Sequence[Adapter]:
    return (Adapter("padlock"),)
