"""The plugin: its manifest and the hooks it implements."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regiohub.api import Dataset, Demo, GraphQLPart, Job, LinkProvider, Plugin, RoutePart, SubjectData, t
from regiohub_booking.actions import ACTIONS
from regiohub_booking.categories import CATEGORIES
from regiohub_booking.hookspecs import BookingHooks
from regiohub_booking.jobs import JOBS
from regiohub_booking.locks import LockAdapter, ManualHandover, SimulatedLock
from regiohub_booking.models import MODELS
from regiohub_booking.permissions import PERMISSIONS
from regiohub_booking.settings import BookingSettings

if TYPE_CHECKING:
    from regiohub.api.console import ConsolePart

plugin = Plugin(
    id="booking",
    title=t("Buchung", "Booking"),
    description=t(
        "Räume mieten, Dinge leihen, Angebote ausprobieren: eine Buchung für alles, ohne Doppelbelegung.",
        "Rent rooms, borrow things, try offers: one booking engine for all of it, without double booking.",
    ),
    settings=BookingSettings,
    permissions=PERMISSIONS,
    actions=ACTIONS,
    data_categories=CATEGORIES,
    models=MODELS,
    migrations="regiohub_booking.migrations",
    key_purposes=("booking.access_code",),
    hookspecs=(BookingHooks,),
)

_adapters: tuple[LockAdapter, ...] = (SimulatedLock(), ManualHandover())


@plugin.hook
def register_graphql() -> GraphQLPart:
    """Resources, free slots, bookings, and everything that is done with them."""
    from regiohub_booking.graphql import part

    return part


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    """What the towns publish of their resources."""
    from regiohub_booking.graphql.region import region_part

    return region_part


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """The secret calendars."""
    from regiohub_booking.routes import router

    return (RoutePart(router),)


@plugin.hook
def register_console() -> "Sequence[ConsolePart]":
    """The pages of staff: queue, calendars, bookings, blocked times, tariffs, doors, the caretaker's day."""
    from regiohub_booking.console import part

    return (part,)


@plugin.hook
def register_jobs() -> Sequence[Job]:
    """Holds that run out, doors that follow."""
    return JOBS


@plugin.hook
def register_lock_adapters() -> Sequence[LockAdapter]:
    """The simulator and the caretaker's list."""
    return _adapters


@plugin.hook
def register_subject_data() -> SubjectData:
    """Whoever is forgotten keeps no time from others."""
    from regiohub_booking.service.personal import SUBJECT_DATA

    return SUBJECT_DATA


@plugin.hook
def register_demo() -> Demo:
    """Example houses, things and offers."""
    from regiohub_booking.demo import load

    return Demo(load=load)


@plugin.hook
def register_links() -> LinkProvider:
    """How many resources a town has, by kind."""
    from regiohub_booking.service.links import links

    return links


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    """What a town can share with the region."""
    return (
        Dataset(
            "booking.resources",
            t("Buchbare Räume, Dinge und Angebote", "Rooms, items and offers to book"),
            t("Name, Ort, Größe und Ausstattung, ohne Buchungen.", "Name, place, size and equipment, no bookings."),
        ),
    )
