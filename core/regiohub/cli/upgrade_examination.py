"""What ``regiohub doctor --for-version`` asks: which installed plugins would work with another release of the core."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from .examination import Finding
from .exits import CONFIGURATION, Problem, explain

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.plugins.loading import Record
    from regiohub.settings import Settings


async def examine_upgrade(settings: Settings, wanted: str) -> list[Finding]:
    """Findings about each installed plugin; an error where one that may be loaded would not be.

    :raises Problem: `wanted` is no version.
    """
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform

    try:
        target = Version(wanted)
    except InvalidVersion:
        raise Problem(f"{wanted!r} is no version.", "Write it like 0.2.0", code=CONFIGURATION) from None
    configure_logging(settings.model_copy(update={"log_level": "ERROR"}))
    platform = Platform(settings)
    try:
        towns, trouble = await _towns(platform)
        findings = [fit_of(record, target, towns.get(record.id, ())) for record in platform.plugins.records]
    finally:
        await platform.stop()
    return [
        Finding("Core", "note", f"installed is {version_of('regiohub')}, asked about {target}"),
        *trouble,
        *findings,
    ]


async def _towns(platform: Platform) -> tuple[dict[str, list[str]], list[Finding]]:
    """By plugin the towns that have it switched on; none, with a finding, where the database does not say."""
    try:
        await platform.tenants.refresh()
    except Exception as error:
        problem = explain(error)
        text = problem.message if problem else f"could not be read: {type(error).__name__}"
        return {}, [Finding("Towns", "note", text, "Which towns would lose a plugin is not known.")]
    found: dict[str, list[str]] = {}
    for town in platform.tenants.all():
        for plugin in sorted(town.switched):
            found.setdefault(plugin, []).append(town.slug)
    return found, []


def fit_of(record: Record, target: Version, towns: Sequence[str]) -> Finding:
    """Whether a plugin fits a release of the core, and what to do if not. `towns`: those that have it switched on."""
    name = f"{record.id} {record.version}"
    if record.core.contains(target, prereleases=True):
        if not any(part.operator in ("<", "<=", "==", "~=") for part in record.core):
            text = f"{name} names no newest release that it works with"
            return Finding("Plugin", "warning", text, f"Ask the author of {record.distribution}, or try it beside.")
        return Finding("Plugin", "ok", f"{name} fits ({record.core_text})")
    text = f"{name} is for regiohub{record.core_text}"
    if towns:
        text += f"; {', '.join(towns)} would lose it"
    remedy = f"Look for a newer release of {record.distribution}, and install it together with the core."
    return Finding("Plugin", "error" if record.allowed else "note", text, remedy)
