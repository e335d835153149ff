"""Measures (Maßnahmen) as files state them: in a town's own file or in a programme shared by several towns."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
PluginId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$")]
Year = Annotated[int, Field(ge=1990, le=2100)]

MeasureStatus = Literal["planned", "running", "paused", "finished", "cancelled"]


class FileModel(BaseModel):
    """Base of everything read from a file: unknown keys are faults, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class MeasureEntry(FileModel):
    """One measure. What the sources do not say stays absent: no lead, no term, no status is invented."""

    id: Key = Field(description="Key of the measure, unique within the town; never changed later.")
    title: Text = Field(description="Official title in German.")
    title_en: Text | None = Field(default=None, description="Title in English.")
    summary: LongText | None = Field(default=None, description="A few German sentences for residents.")
    summary_en: LongText | None = Field(default=None, description="The same in English, shorter.")
    lead: Text | None = Field(default=None, description="Lead office, as the administration calls it.")
    partners: tuple[Text, ...] = Field(default=(), description="Partners beside the lead office.")
    fields: tuple[Text, ...] = Field(default=(), description="Fields of action (Handlungsfelder).")
    from_year: Year | None = Field(default=None, alias="from", description="First year of the term.")
    to_year: Year | None = Field(default=None, alias="to", description="Last year of the term.")
    phase: Text | None = Field(default=None, description="Phase in the programme's own words.")
    status: MeasureStatus | None = Field(default=None, description="planned, running, paused, finished or cancelled.")
    plugins: tuple[PluginId, ...] = Field(default=(), description="Plugins that this measure switches on.")
    later: tuple[PluginId, ...] = Field(default=(), description="Plugins planned for it that do not exist yet.")
    only: tuple[Slug, ...] = Field(default=(), description="Programme files: the towns it is for; empty means all.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.from_year is not None and self.to_year is not None and self.to_year < self.from_year:
            raise ValueError("measure_term")
        if set(self.plugins) & set(self.later):
            raise ValueError("measure_plugin_twice")
        return self


class BundleEntry(FileModel):
    """A bundle of measures (Maßnahmenbündel)."""

    id: Key = Field(description="Key of the bundle, unique within the file.")
    title: Text = Field(description="Official title in German.")
    title_en: Text | None = Field(default=None, description="Title in English.")
    measures: tuple[MeasureEntry, ...] = Field(default=(), description="Its measures.")
