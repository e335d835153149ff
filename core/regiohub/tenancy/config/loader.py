"""Reading ``tenants/``: one folder per town, shared programmes beside them, faults collected and never contagious."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from .messages import Wording
from .models import ProgrammeFile, TenantFile
from .parsing import dotted, parse_file, problem_at
from .positions import PositionIndex
from .problems import Problem, TenantConfigError
from .rules import programme_problems, town_problems
from .slugs import is_valid_slug, near_names
from .towns import Town, measures_of

TENANT_FILE = "tenant.toml"
PROGRAMMES_FOLDER = "programmes"


class LoadResult(NamedTuple):
    """Everything ``load_all`` found: the sound towns by slug, and one error per file with faults."""

    towns: list[Town]
    errors: list[TenantConfigError]


@dataclass(frozen=True, slots=True)
class _Read:
    town: Town
    index: PositionIndex


def town_slugs(folder: Path) -> list[str]:
    """Slugs of all town folders, sound or not."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.is_dir() and entry.name != PROGRAMMES_FOLDER and not entry.name.startswith((".", "_"))
    )


def load_programme(folder: Path, programme_id: str) -> ProgrammeFile:
    """Read ``<folder>/programmes/<programme_id>.toml``.

    :raises TenantConfigError: the file is missing or faulty.
    """
    path = folder / PROGRAMMES_FOLDER / f"{programme_id}.toml"
    programme, index = parse_file(path, ProgrammeFile, programme_id)
    if problems := list(programme_problems(programme, index, path.stem, town_slugs(folder))):
        raise TenantConfigError(path, tuple(problems), programme_id)
    return programme


def load_town(folder: Path, slug: str) -> Town:
    """Read one town, its programme included. ``folder`` is the folder of all towns.

    :raises TenantConfigError: the town's or its programme's file is missing or faulty.
    """
    return _read_town(folder, slug).town


def load_all(folder: Path) -> LoadResult:
    """Read every town below a folder. A faulty file costs only its own town; a faulty programme only its towns."""
    read: list[_Read] = []
    errors: dict[Path, TenantConfigError] = {}
    for slug in town_slugs(folder):
        try:
            read.append(_read_town(folder, slug))
        except TenantConfigError as error:
            errors.setdefault(error.file, error)
    for path in sorted((folder / PROGRAMMES_FOLDER).glob("*.toml")):
        try:
            load_programme(folder, path.stem)
        except TenantConfigError as error:
            errors.setdefault(error.file, error)
    towns, disputes = _settle_hosts(read)
    return LoadResult(towns, [*errors.values(), *disputes])


def _read_town(folder: Path, slug: str) -> _Read:
    path = folder / slug / TENANT_FILE
    file, index = parse_file(path, TenantFile, slug)
    problems = list(town_problems(file, index, path.parent, town_slugs(folder)))
    programme = None
    if file.programme is not None and is_valid_slug(file.programme):
        known = sorted(entry.stem for entry in (folder / PROGRAMMES_FOLDER).glob("*.toml"))
        if file.programme in known:
            programme = load_programme(folder, file.programme)
        else:
            problems.append(_unknown_programme(index, file.programme, known))
    own = list(measures_of(file.measures, file.bundles, town=slug, programme_id=None))
    shared = (
        []
        if programme is None
        else list(measures_of(programme.measures, programme.bundles, town=slug, programme_id=programme.id))
    )
    taken = {measure.entry.id for _, measure in shared}
    problems.extend(_taken_by_programme(index, key_path) for key_path, measure in own if measure.entry.id in taken)
    if problems:
        raise TenantConfigError(path, tuple(sorted(problems, key=lambda problem: problem.line or 0)), slug)
    measures = tuple(measure for _, measure in [*shared, *own])
    return _Read(Town(path.parent, file, programme, measures, file.hosts), index)


def _settle_hosts(read: list[_Read]) -> tuple[list[Town], list[TenantConfigError]]:
    """Take disputed host names from all claimants: no town may take over or bring down another by a claim."""
    claims = Counter(host for item in read for host in set(item.town.hosts))
    towns: list[Town] = []
    errors: list[TenantConfigError] = []
    for item in read:
        disputed = [host for host in item.town.hosts if claims[host] > 1]
        towns.append(replace(item.town, hosts=tuple(host for host in item.town.hosts if host not in disputed)))
        if disputed:
            problems = tuple(_host_dispute(item, host, read) for host in disputed)
            errors.append(TenantConfigError(item.town.folder / TENANT_FILE, problems, item.town.slug))
    return towns, errors


def _host_dispute(item: _Read, host: str, read: Iterable[_Read]) -> Problem:
    others = ", ".join(other.town.slug for other in read if other is not item and host in other.town.hosts)
    wording = Wording(
        f"Den Hostnamen „{host}“ beansprucht auch: {others}.",
        f'The host name "{host}" is also claimed by: {others}.',
        "Bis das geklärt ist, führt er zu keiner Gemeinde; alle bleiben über ihren Pfad erreichbar.",
        "Until that is settled it leads to no town; all stay reachable by their path.",
    )
    return problem_at(item.index, ("hosts",), "host_disputed", wording)


def _unknown_programme(index: PositionIndex, name: str, known: list[str]) -> Problem:
    near = ", ".join(near_names(name, known) or known) or "–"
    wording = Wording(
        f"Ein Programm „{name}“ gibt es nicht unter tenants/programmes/.",
        f'There is no programme "{name}" in tenants/programmes/.',
        f"Vorhanden: {near}. Ein Programm ohne Datei bitte mit vollem Namen nennen.",
        f"Present: {near}. Give a programme without a file by its full name.",
    )
    return problem_at(index, ("programme",), "programme_unknown", wording)


def _taken_by_programme(index: PositionIndex, key_path: tuple[str | int, ...]) -> Problem:
    wording = Wording(
        f"Die Kennung von {dotted(key_path)} vergibt schon das gemeinsame Programm.",
        f"The id of {dotted(key_path)} is already given by the shared programme.",
        "Bitte eine andere wählen; Änderungen an gemeinsamen Maßnahmen geschehen in der Konsole.",
        "Choose another one; shared measures are changed in the console.",
    )
    return problem_at(index, (*key_path, "id"), "measure_id_taken", wording)


def iter_lines(errors: Iterable[TenantConfigError], language: str = "en") -> Iterator[str]:
    """All faults of all files, one line each, for terminals and logs."""
    for error in errors:
        yield from error.lines(language)
