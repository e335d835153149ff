"""Locks: the contract for adapters, the simulator, and the caretaker's list."""

from regiohub_booking.locks.contract import (
    Door,
    GrantAnswer,
    GrantRequest,
    LockAdapter,
    LockCapabilities,
    LockUnreachable,
)
from regiohub_booking.locks.manual import ManualHandover
from regiohub_booking.locks.simulator import SimulatedLock

__all__ = [
    "Door",
    "GrantAnswer",
    "GrantRequest",
    "LockAdapter",
    "LockCapabilities",
    "LockUnreachable",
    "ManualHandover",
    "SimulatedLock",
]
