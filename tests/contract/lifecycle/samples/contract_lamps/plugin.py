"""The sample; the tests replace one part of it by a faulty one."""

from collections.abc import Callable
from typing import Any

from regiohub.api import DataCategory, Plugin, t

from .models import Lamp
from .parts import KEEP, PARTS, TITLE


def made(**other: Callable[..., Any]) -> Plugin:
    """The plugin with other hooks in place of the sound ones."""
    plugin = Plugin(
        id="lamps",
        title=TITLE,
        description=t("Straßenlampen der Stadt.", "Street lamps of the town."),
        permissions=(KEEP,),
        models=(Lamp,),
        migrations="contract_lamps.migrations",
        data_categories=(DataCategory("lamps", TITLE, personal=False, tables=("lamps_lamp",)),),
    )
    plugin.hooks.update(PARTS | other)
    return plugin


plugin = made()
