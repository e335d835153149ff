"""A town as loaded: its file, its programme, and all its measures in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .measures import BundleEntry, MeasureEntry
from .models import ProgrammeFile, TenantFile


@dataclass(frozen=True, slots=True)
class TownMeasure:
    """A measure of one town with where it comes from.

    ``programme_id`` is set for measures that a shared programme states; the region groups towns' rows by it.
    """

    entry: MeasureEntry
    bundle_id: str | None
    bundle_title: str | None
    bundle_title_en: str | None
    programme_id: str | None


@dataclass(frozen=True, slots=True)
class Town:
    """A town whose files are sound.

    ``hosts`` are the host names it may serve: one that two towns claim serves neither until that is settled.
    """

    folder: Path
    file: TenantFile
    programme: ProgrammeFile | None
    measures: tuple[TownMeasure, ...]
    hosts: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Name of the town in addresses."""
        return self.file.slug

    @property
    def programme_title(self) -> str | None:
        """Name of the town's programme, whether shared or stated as free text."""
        return self.programme.title if self.programme is not None else self.file.programme

    def plugin_measures(self) -> dict[str, tuple[str, ...]]:
        """For each plugin switched on, the measures it serves; an empty tuple for one enabled directly."""
        result: dict[str, list[str]] = {plugin: [] for plugin in self.file.enable}
        for measure in self.measures:
            for plugin in measure.entry.plugins:
                result.setdefault(plugin, []).append(measure.entry.id)
        return {plugin: tuple(measures) for plugin, measures in sorted(result.items())}


def measures_of(
    loose: tuple[MeasureEntry, ...], bundles: tuple[BundleEntry, ...], *, town: str, programme_id: str | None
) -> Iterator[tuple[tuple[str | int, ...], TownMeasure]]:
    """All measures of a file that are meant for a town, each with its key path in that file."""
    for number, entry in enumerate(loose):
        if not entry.only or town in entry.only:
            yield ("measures", number), TownMeasure(entry, None, None, None, programme_id)
    for place, bundle in enumerate(bundles):
        for number, entry in enumerate(bundle.measures):
            if not entry.only or town in entry.only:
                path = ("bundles", place, "measures", number)
                yield path, TownMeasure(entry, bundle.id, bundle.title, bundle.title_en, programme_id)
