"""What is kept, how long, whose it is, and what erasing a person makes of it."""

from datetime import timedelta

from regiohub.api import DataCategory, Expiry, PersonalTable, t
from regiohub_booking.models import MODELS

BOOKINGS = DataCategory(
    "bookings",
    t("Buchungen mit Namen und Adresse", "Bookings with name and address"),
    personal=True,
    retention=timedelta(days=365),
    setting="retention_days",
    people=(
        # The rows stay for statistics: resource, time, number of persons.
        PersonalTable(
            "booking_booking",
            subject="subject",
            email="booker_email",
            clear=("booker_name", "booker_phone", "purpose", "reason"),
            counted_from="ends_at",
        ),
        PersonalTable("booking_series", subject="subject", clear=("subject",)),
        PersonalTable(
            "booking_question",
            belongs_to="booking_id",
            clear=("question", "answer", "token_hash"),
            hidden=("token_hash",),
        ),
        # The row stays until the lock has followed; its reference at the lock names the booking, never a person.
        PersonalTable(
            "booking_access_grant",
            belongs_to="booking_id",
            clear=("sealed_code", "note"),
            hidden=("sealed_code", "vendor_reference"),
        ),
    ),
    # A series keeps its person as long as one of its dates does.
    expiries=(
        Expiry(
            "booking_series",
            counted_from=("first_ends_at",),
            clear=("subject",),
            held_by=("booking_booking.series_id",),
        ),
    ),
)
CONTACTS = DataCategory(
    "contacts",
    t("Ansprechstellen der Häuser und Träger", "Contacts of houses and owners"),
    personal=True,
    kept=t(
        "Solange das Haus oder der Träger im Verzeichnis steht und die Angabe nicht geändert wird.",
        "As long as the house or owner is listed and the entry is not changed.",
    ),
    # A contact in words is searched for addresses by `service.contacts`.
    people=(
        PersonalTable("booking_place", email="caretaker_email", clear=("caretaker_email",)),
        PersonalTable("booking_owner", email="contact", clear=("contact",)),
    ),
)
_PERSONAL = {*BOOKINGS.tables, *CONTACTS.tables}
RESOURCES = DataCategory(
    "resources",
    t("Räume, Dinge, Angebote und ihre Belegung", "Rooms, items, offers and when they are taken"),
    personal=False,
    tables=tuple(model.__tablename__ for model in MODELS if model.__tablename__ not in _PERSONAL),
)
CATEGORIES = (BOOKINGS, CONTACTS, RESOURCES)
