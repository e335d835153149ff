"""The sample plugin with its own migrations, or with migrations that have one fault."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Generator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from regiohub.plugins.loading import GROUP
from regiohub.testing.contract import Case
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.installations import Engine, Installations

SAMPLES = Path(__file__).parent / "samples"
SOUND = (SAMPLES / "contract_wells/migrations/versions/0001_initial.py").read_text(encoding="utf-8")
FILL = fill_tables("wells")
Wells = Callable[..., Case]
_numbers = itertools.count(1)


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """Puts the sample, and a folder for migrations that the tests write, on the path."""
    made = tmp_path_factory.mktemp("migrations")
    added = [str(SAMPLES), str(made)]
    sys.path[:0] = added
    yield made
    for folder in added:
        sys.path.remove(folder)


@pytest.fixture
def wells(installations: Installations, tmp_path: Path, samples: Path) -> Wells:
    """A case of the sample; each `(old, new)` is replaced in its migration."""

    def make(*changes: tuple[str, str], engine: Engine = "sqlite") -> Case:
        entry = EntryPoint("wells", "contract_wells.plugin:plugin", GROUP)
        if changes:
            entry = _faulty(samples, changes)
        return Case("wells", engine, installations, tmp_path, FILL, (entry,))

    return make


def _faulty(folder: Path, changes: tuple[tuple[str, str], ...]) -> EntryPoint:
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the migration"
        text = text.replace(old, new)
    name = f"faulty_wells_{next(_numbers)}"
    versions = folder / name / "migrations" / "versions"
    versions.mkdir(parents=True)
    for package in (folder / name, folder / name / "migrations"):
        (package / "__init__.py").touch()
    (versions / "0001_initial.py").write_text(text, encoding="utf-8")
    importlib.invalidate_caches()
    module = ModuleType(f"{name}.plugin")
    module.__dict__["plugin"] = importlib.import_module("contract_wells.plugin").made(f"{name}.migrations")
    sys.modules[module.__name__] = module
    return EntryPoint("wells", f"{name}.plugin:plugin", GROUP)
