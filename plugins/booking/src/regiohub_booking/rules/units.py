"""Which units of a pool, or which seats, a booking gets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from regiohub_booking.errors import NotEnoughUnits, TooManyUnits


@dataclass(frozen=True, slots=True)
class Lot:
    """Consecutive units of one owner at one pick-up point: ``first`` up to ``first + count - 1``, numbered from 1."""

    first: int
    count: int
    place: UUID | None = None

    @property
    def units(self) -> range:
        """The unit numbers of the lot."""
        return range(self.first, self.first + self.count)


def check_quantity(quantity: int, capacity: int) -> None:
    """Raises TooManyUnits unless ``1 <= quantity <= capacity``."""
    if not 1 <= quantity <= capacity:
        raise TooManyUnits(capacity)


def choose_units(
    free: Collection[int], quantity: int, lots: Sequence[Lot] = (), place: UUID | None = None
) -> tuple[int, ...]:
    """The lowest free unit numbers; one pick-up point when it can serve the whole wish, several only otherwise.

    ``place`` restricts the choice to the lots of one pick-up point. Raises NotEnoughUnits with the number that is free.
    """
    allowed = set(free)
    if place is not None:
        allowed &= {unit for lot in lots if lot.place == place for unit in lot.units}
    if len(allowed) < quantity:
        raise NotEnoughUnits(quantity, len(allowed))
    for group in _by_place(lots):
        here = sorted(allowed & group)
        if len(here) >= quantity:
            return tuple(here[:quantity])
    return tuple(sorted(allowed)[:quantity])


def _by_place(lots: Sequence[Lot]) -> list[set[int]]:
    places: dict[UUID | None, set[int]] = {}
    for lot in sorted(lots, key=lambda item: item.first):
        places.setdefault(lot.place, set()).update(lot.units)
    return list(places.values())
