"""Rules of tenant files that need more than one value: the folder, the other towns, the whole list of measures."""

from collections.abc import Collection, Iterator
from pathlib import Path

from .measures import BundleEntry, MeasureEntry
from .messages import Wording
from .models import ProgrammeFile, TenantFile
from .parsing import problem_at
from .positions import PositionIndex
from .problems import Problem
from .slugs import near_names

REGION = "region"


def town_problems(file: TenantFile, index: PositionIndex, folder: Path, towns: Collection[str]) -> Iterator[Problem]:
    """Faults of a town's file beyond the model."""
    if file.slug != folder.name:
        wording = Wording(
            f"Das Kürzel „{file.slug}“ weicht vom Namen des Ordners „{folder.name}“ ab.",
            f'The slug "{file.slug}" differs from the folder\'s name "{folder.name}".',
            "Bitte beide gleich benennen.",
            "Give both the same name.",
        )
        yield problem_at(index, ("slug",), "slug_folder", wording)
    logo = file.branding.logo
    if logo is not None and not (folder / logo).is_file():
        wording = Wording(
            f"Die Datei „{logo}“ fehlt neben tenant.toml.",
            f'The file "{logo}" is missing beside tenant.toml.',
            "Bitte ablegen oder die Zeile entfernen.",
            "Put it there or remove the line.",
        )
        yield problem_at(index, ("branding", "logo"), "logo_missing", wording)
    yield from _reader_problems(file, index, towns)
    yield from _duplicate_ids(file.measures, file.bundles, index)


def programme_problems(
    file: ProgrammeFile, index: PositionIndex, stem: str, towns: Collection[str]
) -> Iterator[Problem]:
    """Faults of a programme's file beyond the model."""
    if file.id != stem:
        wording = Wording(
            f"Die Kennung „{file.id}“ weicht vom Namen der Datei „{stem}.toml“ ab.",
            f'The id "{file.id}" differs from the file\'s name "{stem}.toml".',
            "Bitte beide gleich benennen.",
            "Give both the same name.",
        )
        yield problem_at(index, ("id",), "programme_file_name", wording)
    for path, entry in _entries(file.measures, file.bundles):
        for town in entry.only:
            if town not in towns:
                yield problem_at(index, (*path, "only"), "only_unknown_town", _unknown_town(town, towns))
    yield from _duplicate_ids(file.measures, file.bundles, index)


def _reader_problems(file: TenantFile, index: PositionIndex, towns: Collection[str]) -> Iterator[Problem]:
    for number, entry in enumerate(file.sharing):
        path = ("sharing", number, "reader")
        if entry.reader == file.slug:
            wording = Wording(
                "Eine Gemeinde gibt nichts an sich selbst frei.",
                "A town shares nothing with itself.",
                "Bitte region oder eine andere Gemeinde nennen.",
                "Name region or another town.",
            )
            yield problem_at(index, path, "reader_self", wording)
        elif entry.reader != REGION and entry.reader not in towns:
            yield problem_at(index, path, "reader_unknown", _unknown_town(entry.reader, [*towns, REGION]))


def _unknown_town(town: str, towns: Collection[str]) -> Wording:
    near = ", ".join(near_names(town, towns) or sorted(towns))
    return Wording(
        f"Eine Gemeinde „{town}“ gibt es hier nicht.",
        f'There is no town "{town}" here.',
        f"Gemeint sein könnte: {near}.",
        f"You may mean: {near}.",
    )


def _entries(
    loose: tuple[MeasureEntry, ...], bundles: tuple[BundleEntry, ...]
) -> Iterator[tuple[tuple[str | int, ...], MeasureEntry]]:
    for number, entry in enumerate(loose):
        yield ("measures", number), entry
    for place, bundle in enumerate(bundles):
        for number, entry in enumerate(bundle.measures):
            yield ("bundles", place, "measures", number), entry


def _duplicate_ids(
    loose: tuple[MeasureEntry, ...], bundles: tuple[BundleEntry, ...], index: PositionIndex
) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    named = [(path, ("measure", entry.id)) for path, entry in _entries(loose, bundles)]
    named += [(("bundles", place), ("bundle", bundle.id)) for place, bundle in enumerate(bundles)]
    for path, key in named:
        if key in seen:
            wording = Wording(
                f"Die Kennung „{key[1]}“ steht zweimal in der Datei.",
                f'The id "{key[1]}" stands twice in the file.',
                "Bitte eine der beiden ändern.",
                "Change one of the two.",
            )
            yield problem_at(index, (*path, "id"), f"{key[0]}_id_twice", wording)
        seen.add(key)
