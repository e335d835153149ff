"""Records of the Human Services Data Specification 3.0 (Open Referral), as plain dictionaries ready for JSON."""

from .organizations import organization_basic, organization_full
from .page import page_of
from .parts import HsdsContext
from .services import service_at_location_full, service_at_location_row, service_basic, service_full, service_minimal
from .taxonomies import taxonomy_record, taxonomy_term_record

__all__ = [
    "HsdsContext",
    "organization_basic",
    "organization_full",
    "page_of",
    "service_at_location_full",
    "service_at_location_row",
    "service_basic",
    "service_full",
    "service_minimal",
    "taxonomy_record",
    "taxonomy_term_record",
]
