"""Counting a batch of messages for the operator's view: traffic, receptions per gateway, lost frames."""

from collections.abc import Sequence

from regiohub.api import DomainError
from regiohub_lorawan.formats.uplink import Message, MessageKind
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service.registry import KnownDevice
from regiohub_lorawan.store.observations import HOUR_MS
from regiohub_lorawan.store.traffic import Tally

Heard = tuple[Message, KnownDevice, DomainError | None]
_MOST_LOST = 1_000
"""A larger jump of the counter is a device that was set up anew or moved, not a thousand lost frames."""


def tally(heard: Sequence[Heard]) -> Tally:
    """The sums of uplinks that are counted for the first time."""
    sums = Tally()
    last: dict[str, tuple[int, int] | None] = {}
    for message, device, error in sorted(heard, key=lambda item: (item[0].time, item[0].f_cnt)):
        if message.kind is not MessageKind.UP:
            continue
        hour = hour_of(message)
        factor = message.radio.spreading_factor if message.radio else 0
        found = sums.radio[hour, factor]
        gateways = {item.gateway_id for item in message.receptions if item.gateway_id}
        found.uplinks += 1
        found.alone += len(gateways) == 1
        found.failed += error is not None
        found.airtime_ms += message.radio.airtime_ms if message.radio else 0.0
        known = last.setdefault(device.dev_eui, _before(device))
        found.lost += lost(known, message)
        if known is None or message.time.timestamp() >= known[1]:
            last[device.dev_eui] = (message.f_cnt, int(message.time.timestamp()))
        for item in message.receptions:
            if item.gateway_id:
                sums.gateways[hour, item.gateway_id].hear(item.rssi or 0.0, item.snr or 0.0)
    return sums


def repeated(messages: Sequence[Message]) -> Tally:
    """The sums of uplinks that came again."""
    sums = Tally()
    for message in messages:
        if message.kind is MessageKind.UP:
            sums.radio[hour_of(message), message.radio.spreading_factor if message.radio else 0].repeated += 1
    return sums


def hour_of(message: Message) -> int:
    """First millisecond of the hour in which the frame was received."""
    at = to_millis(message.time)
    return at - at % HOUR_MS


def lost(last: tuple[int, int] | None, message: Message) -> int:
    """Frames missing between the newest known uplink (counter, seconds) and this one; -1 when a missing one comes.

    A counter that goes back in a newer frame was reset: nothing is known about what was lost before.
    """
    if last is None:
        return 0
    counter, at = last
    if message.time.timestamp() < at:
        return -1 if 0 < counter - message.f_cnt <= _MOST_LOST else 0
    gap = message.f_cnt - counter - 1
    return gap if 0 < gap <= _MOST_LOST else 0


def _before(device: KnownDevice) -> tuple[int, int] | None:
    if device.f_cnt is None or device.heard_at is None:
        return None
    return device.f_cnt, int(device.heard_at.timestamp())
