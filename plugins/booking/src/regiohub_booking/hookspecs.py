"""Hooks that booking offers to other plugins."""

from collections.abc import Sequence

from regiohub.api import hookspec
from regiohub_booking.locks.contract import LockAdapter


class BookingHooks:
    """What other plugins may add to booking."""

    @hookspec
    def register_lock_adapters(self) -> Sequence[LockAdapter]:  # type: ignore[empty-body]
        """Kinds of locks that open doors for confirmed bookings.

        Called for each town whenever a door has to follow a booking; a plugin that is off for the town is not asked.
        Return the same objects each time. Two adapters of one name: the plugin that is loaded first wins.
        An adapter needs no import of booking: whatever has the members of ``LockAdapter`` is one. It raises
        ``regiohub.api.Unavailable`` when the lock is silent.

        :return: adapters with distinct names; a resource names its adapter in ``lockAdapter``.
        :since: 0.1

        Example::

            @plugin.hook
            def register_lock_adapters() -> Sequence[LockAdapter]:
                return (NukiAdapter(),)
        """
