"""A command over several towns: the fault of one keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from .exits import Problem, explain
from .opening import tenant_named

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Each(Generic[T]):
    """What came of each town that is sound, and what is wrong with each of the others, in words."""

    found: Sequence[T]
    faults: Sequence[str]

    def end(self) -> None:
        """The last thing that a command does, once it has told what was found.

        :raises Problem: there are faults.
        """
        if not self.faults:
            return
        lines = "".join(f"\n  {fault}" for fault in self.faults)
        few = "1 town was" if len(self.faults) == 1 else f"{len(self.faults)} towns were"
        raise Problem(f"{few} not done:{lines}", "All others are done. Mend the cause, and repeat the command.")


def towns_named(platform: Platform, tenant: str | None) -> Sequence[TenantInfo]:
    """The town with this slug, or all of them. Raises Problem where there is none of that name."""
    return [tenant_named(platform, tenant)] if tenant else platform.tenants.all()


async def in_each(towns: Sequence[TenantInfo], work: Callable[[TenantInfo], Awaitable[T]]) -> Each[T]:
    """Do this for one town after the other.

    A fault is raised where there is one town only, and at once where the database or the disk is out of order: that is
    no fault of a town.
    """
    from regiohub.db.outages import outage_of
    from regiohub.events.faults import describe

    found: list[T] = []
    faults: list[str] = []
    for town in towns:
        try:
            found.append(await work(town))
        except Exception as error:
            if len(towns) == 1 or outage_of(error) is not None:
                raise
            known = explain(error)
            faults.append(f"{town.slug}: {known.message if known else describe(error)}")
    return Each(found, faults)
