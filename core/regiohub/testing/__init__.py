"""The test kit for plugins: whole installations, towns, callers, senders, and a clock that stands still.

The fixtures come with the installed core: `world`, `world_sqlite`, `world_postgresql`, `two_towns`, `captured`,
`webhook_sender`, `mqtt_sender`, `installations`. What plugins promise is tested by `regiohub.testing.contract`.
"""

from regiohub.clock import FrozenClock
from regiohub.testing.callers import Answer, Caller
from regiohub.testing.captures import Capture, CapturedEvent, CapturedJob, CapturedTask
from regiohub.testing.console import ConsoleClient, text_of
from regiohub.testing.databases import Address
from regiohub.testing.factories import RowRefused, make
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.senders import MqttSender, WebhookSender, sign
from regiohub.testing.towns import small_towns, town
from regiohub.testing.world import START, World, open_world

__all__ = [
    "START",
    "Address",
    "Answer",
    "Caller",
    "Capture",
    "CapturedEvent",
    "CapturedJob",
    "CapturedTask",
    "ConsoleClient",
    "Engine",
    "FrozenClock",
    "Installations",
    "MqttSender",
    "Recipe",
    "RowRefused",
    "WebhookSender",
    "World",
    "make",
    "open_world",
    "sign",
    "small_towns",
    "text_of",
    "town",
]
