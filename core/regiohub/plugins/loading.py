"""From entry points to healthy plugins: list, allow, check the version, import, validate, order, register."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points

import structlog
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from regiohub.plugins.errors import PluginCycle, PluginError
from regiohub.plugins.manifest import Plugin

GROUP = "regiohub.plugins"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Record:
    """One installed plugin and where it stands: installed, allowed, healthy (enabled is a town's matter).

    `core`: the versions of the core that its distribution asks for; empty = any.
    """

    id: str
    distribution: str
    version: str
    allowed: bool
    plugin: Plugin | None = None
    fault: str | None = None
    core: SpecifierSet = field(default_factory=SpecifierSet)

    @property
    def core_text(self) -> str:
        """The range of the core with its lower end first: `>=0.1,<0.2`."""
        return ",".join(str(part) for part in sorted(self.core, key=lambda part: (part.operator[0] in "<!", str(part))))

    @property
    def healthy(self) -> bool:
        """Allowed, loaded and without fault."""
        return self.allowed and self.plugin is not None and self.fault is None


def installed() -> list[EntryPoint]:
    """Entry points of the group, sorted by name."""
    return sorted(entry_points(group=GROUP), key=lambda entry: entry.name)


def load(entries: Iterable[EntryPoint], allowed: Sequence[str], core_version: str) -> list[Record]:
    """Load every allowed plugin by itself; a fault is written into its record and stops no other."""
    records: dict[str, Record] = {}
    for entry in entries:
        name = entry.dist.name if entry.dist else "unknown"
        version = entry.dist.version if entry.dist else "0"
        may = not allowed or "*" in allowed or entry.name in allowed
        record = Record(entry.name, name, version, allowed=may, core=core_range(entry))
        if entry.name in records:
            other = records[entry.name].distribution
            fault = f"{name} and {other} both offer the plugin {entry.name}: uninstall one of them"
            records[entry.name] = replace(records[entry.name], fault=fault)
            continue
        records[entry.name] = _load(entry, record, core_version) if record.allowed else record
    return order(_with_requirements(records))


def _load(entry: EntryPoint, record: Record, core_version: str) -> Record:
    try:
        _check_version(record, core_version)
        plugin = entry.load()
        if not isinstance(plugin, Plugin):
            raise PluginError(entry.name, f"entry point {entry.value} is a {type(plugin).__name__}, not a Plugin")
        if plugin.id != entry.name:
            raise PluginError(entry.name, f"its id is {plugin.id!r}: id and entry point must be the same word")
        plugin.check()
        plugin.version, plugin.package = record.version, entry.module.partition(".")[0]
    except PluginError as error:
        return replace(record, fault=error.reason)
    # Whatever an import raises, SystemExit included, must not take the platform down.
    except (Exception, SystemExit) as error:
        log.debug("plugin failed to import", plugin=entry.name, exc_info=True)
        return replace(record, fault=f"import of {entry.value} failed: {type(error).__name__}: {error}")
    return replace(record, plugin=plugin)


def core_range(entry: EntryPoint) -> SpecifierSet:
    """The versions of `regiohub` that an entry point's distribution requires, read from its metadata alone."""
    found = SpecifierSet()
    for text in (entry.dist.requires if entry.dist else None) or ():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.name.lower() == "regiohub" and (requirement.marker is None or requirement.marker.evaluate()):
            found &= requirement.specifier
    return found


def _check_version(record: Record, core_version: str) -> None:
    """Compare what the distribution requires of `regiohub` before anything of it is imported."""
    if not record.core.contains(Version(core_version), prereleases=True):
        raise PluginError(record.id, f"needs regiohub{record.core}, this is {core_version}: install a matching release")


def _with_requirements(records: dict[str, Record]) -> dict[str, Record]:
    """Quarantine plugins whose requirements are missing or faulty, until nothing changes any more."""
    changed = True
    while changed:
        changed = False
        for id_, record in records.items():
            if not record.healthy or record.plugin is None:
                continue
            missing = [need for need in record.plugin.requires if need not in records or not records[need].healthy]
            if missing:
                fault = f"requires {', '.join(missing)}, which is not installed, not allowed or in quarantine"
                records[id_], changed = replace(record, fault=fault), True
    return records


def order(records: dict[str, Record]) -> list[Record]:
    """Dependency order, then name. Members of a circle are put into quarantine."""
    needs = {
        id_: sorted({*record.plugin.requires, *record.plugin.after} & records.keys()) if record.plugin else []
        for id_, record in records.items()
    }
    done: list[str] = []
    left = sorted(records)
    while left:
        ready = next((id_ for id_ in left if all(need in done or need not in left for need in needs[id_])), None)
        if ready is None:
            circle = PluginCycle(_circle(left, needs))
            for member in circle.members:
                records[member] = replace(records[member], fault=circle.reason)
                needs[member] = []
            continue
        left.remove(ready)
        done.append(ready)
    records = _with_requirements(records)
    return [records[id_] for id_ in done]


def _circle(left: Sequence[str], needs: dict[str, list[str]]) -> list[str]:
    path = [left[0]]
    while True:
        following = next(need for need in needs[path[-1]] if need in left)
        if following in path:
            return path[path.index(following) :]
        path.append(following)
