"""The tables of the directory, shaped after the entities of HSDS 3.0."""

from .coordinates import LatOf, LonOf
from .duplicates import Duplicate, HealthDuplicateState
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
from .suggestions import HealthSuggestionKind, HealthSuggestionOrigin, HealthSuggestionState, Suggestion
from .verification import HealthVerificationState, VerificationRequest

__all__ = [
    "LANGUAGE_CODES",
    "PLACE_HOURS",
    "PUBLIC_STATUSES",
    "TERM_CODES",
    "AcceptingPatients",
    "Contact",
    "CostOption",
    "Duplicate",
    "HealthDuplicateState",
    "HealthLocationType",
    "HealthServiceStatus",
    "HealthSuggestionKind",
    "HealthSuggestionOrigin",
    "HealthSuggestionState",
    "HealthVerificationState",
    "LatOf",
    "Location",
    "LonOf",
    "Organization",
    "Phone",
    "SearchWord",
    "Service",
    "ServiceAtLocation",
    "ServiceLanguage",
    "ServiceTerm",
    "Suggestion",
    "VerificationRequest",
    "Vocabulary",
    "VocabularyState",
    "WheelchairAccess",
]
