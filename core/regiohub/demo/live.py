"""Live demo data: generators that run beside the server for the towns that have the plugin on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regiohub.events.catalogue import catalogue
from regiohub.events.parts import Background
from regiohub.events.supervisor import Supervisor

if TYPE_CHECKING:
    from regiohub.platform import Platform


def live_supervisor(platform: Platform) -> Supervisor:
    """A supervisor of the plugins' demo generators; call its ``reconcile(leads=True)`` every few seconds."""
    generators = [
        (offer.plugin, Background(f"{offer.plugin}.demo", offer.value.live))
        for offer in platform.plugins.call("register_demo", None)
        if offer.value.live is not None
    ]
    return Supervisor(platform, catalogue(backgrounds=generators))
