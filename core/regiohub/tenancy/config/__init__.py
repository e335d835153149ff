"""The format of tenant files: what a town may state about itself, and how it is read."""

from .loader import LoadResult, iter_lines, load_all, load_programme, load_town, town_slugs
from .measures import BundleEntry, MeasureEntry, MeasureStatus
from .models import Branding, ProgrammeFile, SharingEntry, TenantFile
from .problems import Problem, TenantConfigError
from .slugs import RESERVED_SLUGS, SLUG_PATTERN, is_reserved_slug, is_valid_slug, near_names
from .states import STATE_CODES, StateCode
from .towns import Town, TownMeasure

__all__ = [
    "RESERVED_SLUGS",
    "SLUG_PATTERN",
    "STATE_CODES",
    "Branding",
    "BundleEntry",
    "LoadResult",
    "MeasureEntry",
    "MeasureStatus",
    "Problem",
    "ProgrammeFile",
    "SharingEntry",
    "StateCode",
    "TenantConfigError",
    "TenantFile",
    "Town",
    "TownMeasure",
    "is_reserved_slug",
    "is_valid_slug",
    "iter_lines",
    "load_all",
    "load_programme",
    "load_town",
    "near_names",
    "town_slugs",
]
