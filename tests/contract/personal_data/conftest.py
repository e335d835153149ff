"""The sample plugin of these tests, as a package on the path, and the case that the promises look at."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from regiohub.plugins.loading import GROUP
from regiohub.testing.contract import Case
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.installations import Installations

if TYPE_CHECKING:
    from regiohub.plugins.manifest import Plugin

SAMPLES = str(Path(__file__).parent / "samples")
ENTRIES = (EntryPoint("letterbox", "contract_tips.plugin:plugin", GROUP),)
FILL = fill_tables("letterbox")


@pytest.fixture(autouse=True, scope="module")
def samples() -> Any:
    """Puts the sample on the path while these tests run."""
    sys.path.insert(0, SAMPLES)
    yield
    sys.path.remove(SAMPLES)


@pytest.fixture
def tips() -> Plugin:
    """The manifest that everybody shares in this process; tests change it with monkeypatch."""
    from contract_tips.plugin import plugin  # pyright: ignore[reportMissingImports]

    return plugin


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def case(request: pytest.FixtureRequest, installations: Installations, tmp_path: Path) -> Case:
    """The sample on each engine."""
    from contract_tips.plugin import leave_letter  # pyright: ignore[reportMissingImports]

    return Case("letterbox", request.param, installations, tmp_path, FILL, ENTRIES, leave_letter)


@pytest.fixture
def case_sqlite(installations: Installations, tmp_path: Path) -> Case:
    """The sample, for faults that do not depend on the engine."""
    from contract_tips.plugin import leave_letter  # pyright: ignore[reportMissingImports]

    return Case("letterbox", "sqlite", installations, tmp_path, FILL, ENTRIES, leave_letter)
