"""The sample plugin, sound or with one hook replaced by a faulty one."""

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

FILL = fill_tables("lamps")
Lamps = Callable[..., Case]
_numbers = itertools.count(1)


@pytest.fixture(autouse=True, scope="module")
def samples() -> Generator[None]:
    """Puts the samples on the path while these tests run."""
    folder = str(Path(__file__).parent / "samples")
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


@pytest.fixture
def lamps(installations: Installations, tmp_path: Path) -> Lamps:
    """A case of the sample; named hooks take the place of the sound ones."""

    def make(
        value: str = "contract_lamps.plugin:plugin", *, engine: Engine = "sqlite", **hooks: Callable[..., object]
    ) -> Case:
        if hooks:
            module = ModuleType(f"contract_lamps.faulty_{next(_numbers)}")
            module.__dict__["plugin"] = importlib.import_module("contract_lamps.plugin").made(**hooks)
            sys.modules[module.__name__] = module
            value = f"{module.__name__}:plugin"
        return Case("lamps", engine, installations, tmp_path, FILL, (EntryPoint("lamps", value, GROUP),))

    return make
