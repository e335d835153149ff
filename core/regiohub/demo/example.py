"""The example town in which authors try their plugins out: an ordinary town that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

from regiohub.tenancy.config import SharingEntry, Town, load_town

SLUG = "musterstadt"
_SINCE = date(2020, 1, 1)


def example_file(tenants: Path) -> Path:
    """The town's file below the folder of all towns; it is written where there is none, and otherwise left as it is."""
    file = tenants / SLUG / "tenant.toml"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((files("regiohub.demo") / f"{SLUG}.toml").read_bytes())
    return file


def example_town(tenants: Path, plugins: Iterable[str], datasets: Iterable[str]) -> Town:
    """The town with these plugins on for its first measure, and these datasets shared with the region.

    :raises TenantConfigError: somebody changed the file, and it is faulty now.
    """
    town = load_town(tenants, example_file(tenants).parent.name)
    wanted, shared = tuple(sorted(plugins)), {entry.dataset for entry in town.file.sharing}
    consents = tuple(
        SharingEntry.model_validate(
            {
                "dataset": dataset,
                "reader": "region",
                "purpose": "Ausprobieren",
                "legal_basis": "Beispiel",
                "from": _SINCE,
            }
        )
        for dataset in sorted(datasets)
        if dataset not in shared
    )
    changes: dict[str, object] = {"sharing": (*town.file.sharing, *consents)}
    if town.measures:
        first, *others = town.measures
        measure = replace(first, entry=first.entry.model_copy(update={"plugins": wanted}))
        return replace(town, file=town.file.model_copy(update=changes), measures=(measure, *others))
    return replace(town, file=town.file.model_copy(update={**changes, "enable": wanted}))
