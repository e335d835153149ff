"""What is kept, how long, whose it is, and what erasing a person makes of it."""

from datetime import timedelta

from regiohub.api import DataCategory, Expiry, PersonalTable, t

from .models import HealthSuggestionState, HealthVerificationState

_LISTED = t(
    "Die Angabe gehört zum öffentlichen Eintrag eines Anbieters. Er wird im Verzeichnis geändert oder gelöscht.",
    "It is part of a provider's public entry, which is changed or deleted in the directory.",
)
SERVICES = DataCategory(
    "services",
    t("Gesundheitsangebote mit Anbietern und Orten", "Health services with providers and places"),
    # A practice of one doctor is a person.
    personal=True,
    kept=t("Solange das Angebot im Verzeichnis steht.", "As long as the offer is listed."),
    tables=(
        "health_directory_location",
        "health_directory_service_at_location",
        "health_directory_service_term",
        "health_directory_service_language",
        "health_directory_cost_option",
        "health_directory_search_word",
        "health_directory_vocabulary",
        "health_directory_vocabulary_state",
        "health_directory_duplicate",
    ),
    people=(
        PersonalTable("health_directory_organization", email="email", clear=("email",)),
        PersonalTable("health_directory_service", email="email", clear=("email",)),
        PersonalTable("health_directory_contact", email="email"),
        PersonalTable("health_directory_phone", belongs_to="organization_id", keep=_LISTED),
    ),
)
SUGGESTIONS = DataCategory(
    "suggestions",
    t("Vorschläge aus der Bevölkerung", "Residents' suggestions"),
    personal=True,
    retention=timedelta(days=730),
    people=(
        # The proposal is about an offer; what it says of the sender is looked for by `service.personal`.
        PersonalTable(
            "health_directory_suggestion",
            email="contact",
            clear=("contact", "message", "decision_note"),
            counted_from="created_at",
        ),
    ),
    expiries=(
        Expiry(
            "health_directory_suggestion",
            counted_from=("decided_at",),
            clear=("contact",),
            unless={"state": (HealthSuggestionState.OPEN,)},
            retention=timedelta(days=90),
            setting="suggestion_contact_days",
            title=t("Kontaktangaben entschiedener Vorschläge", "Contact details of decided suggestions"),
        ),
    ),
)
VERIFICATION = DataCategory(
    "verification",
    t("Prüfbriefe an Anbieter mit Einmal-Link", "Verification mails to providers with one-time links"),
    personal=True,
    retention=timedelta(days=730),
    people=(PersonalTable("health_directory_verification", email="email", clear=("email",)),),
    expiries=(
        Expiry(
            "health_directory_verification",
            counted_from=("created_at",),
            unless={"state": (HealthVerificationState.OPEN,)},
        ),
        Expiry(
            "health_directory_verification",
            counted_from=("answered_at", "expires_at"),
            clear=("email",),
            unless={"state": (HealthVerificationState.OPEN,)},
            retention=timedelta(days=180),
            setting="verification_contact_days",
            title=t("Adressen beantworteter oder abgelaufener Prüfbriefe", "Addresses of answered or expired letters"),
        ),
    ),
)
CATEGORIES = (SERVICES, SUGGESTIONS, VERIFICATION)
