"""The tables of the directory, shaped after the entities of HSDS 3.0."""

from .gathered import LANGUAGE_CODES, PLACE_HOURS, TERM_CODES
from .offers import (
    PUBLIC_STATUSES,
    AcceptingPatients,
    Contact,
    CostOption,
    HealthServiceStatus,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceTerm,
)
from .places import HealthLocationType, Location, Phone, WheelchairAccess
from .search import SearchWord, Vocabulary, VocabularyState
from .suggestions import HealthSuggestionKind, HealthSuggestionState, Suggestion

__all__ = [
    "LANGUAGE_CODES",
    "PLACE_HOURS",
    "PUBLIC_STATUSES",
    "TERM_CODES",
    "AcceptingPatients",
    "Contact",
    "CostOption",
    "HealthLocationType",
    "HealthServiceStatus",
    "HealthSuggestionKind",
    "HealthSuggestionState",
    "Location",
    "Organization",
    "Phone",
    "SearchWord",
    "Service",
    "ServiceAtLocation",
    "ServiceLanguage",
    "ServiceTerm",
    "Suggestion",
    "Vocabulary",
    "VocabularyState",
    "WheelchairAccess",
]
