"""Pages of booking in the staff console: thin, every decision stands in the services."""

from regiohub.api import t
from regiohub.api.console import ConsoleEntry, ConsolePart
from regiohub_booking.console.router import router
from regiohub_booking.permissions import CARETAKE, MANAGE, VIEW
from regiohub_booking.service.lists import silent_grants, waiting_requests

part = ConsolePart(
    router=router,
    templates="regiohub_booking.console",
    navigation=(
        ConsoleEntry(t("Anfragen", "Requests"), "requests", VIEW, pending=waiting_requests),
        ConsoleEntry(t("Belegungskalender", "Calendar"), "calendar", VIEW),
        ConsoleEntry(t("Buchungen", "Bookings"), "bookings", VIEW),
        ConsoleEntry(t("Tagesliste", "Day list"), "day", CARETAKE),
        ConsoleEntry(t("Zugänge", "Access"), "grants", CARETAKE, pending=silent_grants),
        ConsoleEntry(t("Sperrzeiten", "Blocked times"), "closures", VIEW),
        ConsoleEntry(t("Tarife", "Tariffs"), "tariffs", MANAGE),
        ConsoleEntry(t("Räume und Dinge", "Rooms and things"), "resources", MANAGE),
        ConsoleEntry(t("Häuser", "Houses"), "houses", MANAGE),
    ),
)
