"""The sample plugin of these tests and its bad sisters, as a package on the path."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from regiohub.plugins.loading import GROUP
from regiohub.testing.contract import Case
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.installations import Engine, Installations

SAMPLES = str(Path(__file__).parent / "samples")
FILL = fill_tables("benches")
Make = Callable[..., Case]


def sample(name: str, id: str = "benches") -> EntryPoint:
    """One of the samples: "plugin:plugin" is sound, those of "bad" are not."""
    return EntryPoint(id, f"contract_benches.{name}", GROUP)


@pytest.fixture(autouse=True, scope="module")
def samples() -> Any:
    """Puts the samples on the path while these tests run."""
    sys.path.insert(0, SAMPLES)
    yield
    sys.path.remove(SAMPLES)


@pytest.fixture
def case(installations: Installations, tmp_path: Path) -> Make:
    """Makes a case of a sample."""

    def make(*entries: EntryPoint, engine: Engine = "sqlite") -> Case:
        return Case("benches", engine, installations, tmp_path, FILL, entries or (sample("plugin:plugin"),))

    return make
