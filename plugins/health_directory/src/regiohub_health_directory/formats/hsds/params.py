"""Parameters of the lists, named as in the standard."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_PER_PAGE = 100


def _with_offset(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("give the moment with its offset from UTC, for example 2026-11-22T08:00:00Z")
    return moment


class ListQuery(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    search: str | None = Field(default=None, max_length=200, repr=False, description="Words to look for.")
    page: int = Field(default=1, ge=1, le=1_000_000, description="Number of the page, from 1.")
    per_page: int = Field(default=50, ge=1, le=MOST_PER_PAGE, description="Entries on a page.")
    format: Literal["json", "ndjson"] = Field(default="json", description="ndjson gives all entries, one a line.")


class _Services(ListQuery):
    taxonomy_term_id: UUID | None = Field(default=None, description="Under this term or one below it.")
    taxonomy_id: UUID | None = Field(default=None, description="Under any term of this taxonomy.")
    organization_id: UUID | None = Field(default=None, description="Offered by this organisation.")
    modified_after: Annotated[datetime, AfterValidator(_with_offset)] | None = Field(
        default=None, description="Changed at this moment or later."
    )
    full: bool = Field(default=False, description="Whole records instead of rows.")


class ServiceQuery(_Services):
    """A list of services."""

    minimal: bool = Field(default=False, description="Identifier and time of change only, all on one page.")


class PlaceQuery(_Services):
    """A list of services at locations."""

    postcode: str | None = Field(default=None, max_length=10, description="At a place with this postal code.")
    proximity: float | None = Field(
        default=None, gt=0, le=200_000, description="Within so many metres of the middle of the postal code."
    )


class OrganizationQuery(ListQuery):
    """A list of organisations."""

    full: bool = Field(default=False, description="Whole records instead of rows.")
    full_service: bool = Field(default=False, description="With whole services inside.")


class TaxonomyQuery(ListQuery):
    """A list of taxonomies."""


class TermQuery(ListQuery):
    """A list of terms."""

    taxonomy_id: UUID | None = Field(default=None, description="Of this taxonomy.")
    top_only: bool = Field(default=False, description="Only terms that have no parent.")
    parent_id: UUID | None = Field(default=None, description="Directly below this term.")
