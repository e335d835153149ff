"""The formats of ``tenants/<slug>/tenant.toml`` and ``tenants/programmes/<id>.toml``."""

import zoneinfo
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from .measures import BundleEntry, FileModel, Key, LongText, MeasureEntry, PluginId, Slug, Text
from .slugs import is_reserved_slug
from .states import StateCode, state_of_ags

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
HostName = Annotated[
    str,
    StringConstraints(
        to_lower=True,
        max_length=253,
        pattern=r"^(?i:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)$",
    ),
]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.-]+(?::[0-9]{1,5})?$")]
DatasetId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,59}$")]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
WHITE_CONTRAST = 4.5
"""Least contrast of white text on the primary colour (WCAG 2.2, 1.4.3)."""


class Branding(FileModel):
    """Colours and logo of a town's pages."""

    primary: Colour = Field(default="#1c4b82", description="Colour of headers and buttons; white text stands on it.")
    accent: Colour = Field(default="#e2a100", description="Colour of ornaments; no text stands on it.")
    logo: str | None = Field(default=None, description="Image file beside tenant.toml (SVG or PNG).")

    @field_validator("primary")
    @classmethod
    def _readable(cls, value: str) -> str:
        if 1.05 / (relative_luminance(value) + 0.05) < WHITE_CONTRAST:
            raise ValueError("colour_contrast")
        return value

    @field_validator("logo")
    @classmethod
    def _beside_the_file(cls, value: str | None) -> str | None:
        if value is not None and ("/" in value or "\\" in value or value.startswith(".")):
            raise ValueError("logo_path")
        return value


class SharingEntry(FileModel):
    """One consent: this town gives a dataset to a reader, for a purpose, on a legal basis, for a time."""

    dataset: DatasetId = Field(description="Plugin and dataset, for example `atlas.procedures`.")
    reader: Slug = Field(description="`region` or the slug of another town.")
    purpose: LongText = Field(description="What the reader may use it for.")
    legal_basis: LongText = Field(description="On what basis.")
    from_date: date = Field(alias="from", description="First day.")
    until: date | None = Field(default=None, description="Last day; absent means until revoked.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.until is not None and self.until < self.from_date:
            raise ValueError("sharing_term")
        return self


class TenantFile(FileModel):
    """Everything a town states about itself in ``tenant.toml``."""

    slug: Slug = Field(description="Name in addresses: 2 to 40 of a-z 0-9 -, equal to the folder's name.")
    name: Text = Field(description="Official name.")
    short_name: Text = Field(description="Name as people say it.")
    ags: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")] = Field(description="Official municipality key.")
    state: StateCode = Field(description="State, ISO 3166-2 code after `DE-`; also chooses the holidays.")
    population: int | None = Field(default=None, gt=0, description="Inhabitants.")
    area_km2: float | None = Field(default=None, gt=0, allow_inf_nan=False, description="Area in square kilometres.")
    centre: tuple[Longitude, Latitude] = Field(description="Longitude and latitude of the centre, WGS 84.")
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = Field(
        default="de-DE", description="Language and country."
    )
    timezone: str = Field(default="Europe/Berlin", description="Time zone, IANA name.")
    programme: Text | None = Field(
        default=None,
        description="Id of a file in tenants/programmes/, or the name of a programme as free text.",
    )
    phase: Text | None = Field(default=None, description="Phase of the town's strategy.")
    phase_until: date | None = Field(default=None, description="End of that phase.")
    motto: Text | None = Field(default=None, description="Motto of the strategy.")
    office: Text | None = Field(default=None, description="Office in charge.")
    client: Text | None = Field(default=None, description="App or portal that uses the town's API.")
    innovation_fields: tuple[Text, ...] = Field(default=(), description="Fields of innovation.")
    hosts: tuple[HostName, ...] = Field(default=(), description="Host names that lead to this town.")
    cors_origins: tuple[Origin, ...] = Field(default=(), description="Origins of its apps and portals.")
    enable: tuple[PluginId, ...] = Field(default=(), description="Plugins switched on without a measure.")
    branding: Branding = Field(default_factory=Branding, description="Colours and logo.")
    sharing: tuple[SharingEntry, ...] = Field(default=(), description="What is shared, with whom and why.")
    measures: tuple[MeasureEntry, ...] = Field(default=(), description="Measures outside any bundle.")
    bundles: tuple[BundleEntry, ...] = Field(default=(), description="Bundles of measures.")
    plugins: dict[PluginId, dict[str, Any]] = Field(
        default_factory=dict[PluginId, dict[str, Any]], description="Settings by plugin; never secrets."
    )

    @field_validator("slug")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if is_reserved_slug(value):
            raise ValueError("slug_reserved")
        return value

    @field_validator("centre", mode="before")
    @classmethod
    def _not_swapped(cls, value: object) -> object:
        if isinstance(value, list) and len(value) == 2 and all(isinstance(part, int | float) for part in value):
            first, second = value
            if 47 <= first <= 55.1 and 5.8 <= second <= 15.1:  # Germany with latitude first
                raise ValueError("centre_swapped")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as unknown:
            raise ValueError("timezone_unknown") from unknown
        return value

    @model_validator(mode="after")
    def _key_matches_state(self) -> Self:
        if state_of_ags(self.ags) != self.state:
            raise ValueError("ags_state")
        return self


class ProgrammeFile(FileModel):
    """A programme that several towns carry together: stated once, each town gets its own rows."""

    id: Key = Field(description="Key, equal to the file's name.")
    title: Text = Field(description="Name in German.")
    title_en: Text | None = Field(default=None, description="Name in English.")
    summary: LongText | None = Field(default=None, description="A few German sentences.")
    summary_en: LongText | None = Field(default=None, description="The same in English.")
    measures: tuple[MeasureEntry, ...] = Field(default=(), description="Measures outside any bundle.")
    bundles: tuple[BundleEntry, ...] = Field(default=(), description="Bundles of measures.")


def relative_luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` from 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
