"""A plugin from the template passes its own tests, unchanged and outside this repository, whatever its author chose."""

import os
from itertools import combinations
from pathlib import Path

import pytest

from regiohub.plugins.rules.report import check_project

from .project import EVERYTHING, OPTIONS, Environment, answers_for, is_tidy, make, named, passes_its_tests

pytestmark = pytest.mark.timeout(600)
SINGLES = [(), *((option,) for option in OPTIONS)]
PAIRS = list(combinations(OPTIONS, 2)) if os.environ.get("REGIOHUB_TEST_DEPTH") == "full" else []


@pytest.mark.parametrize("options", [*SINGLES, *PAIRS], ids=named)
def test_it_passes_its_own_tests_with(environment: Environment, tmp_path: Path, options: tuple[str, ...]) -> None:
    project = make(tmp_path, answers_for(*options))
    passes_its_tests(environment, project, "-m", "not postgresql" + ("" if "mqtt" in options else " and not mosquitto"))


@pytest.mark.parametrize("options", [*SINGLES, *PAIRS, EVERYTHING], ids=named)
def test_nothing_is_left_to_do_in_it_with(tmp_path: Path, options: tuple[str, ...]) -> None:
    project = make(tmp_path, answers_for(*options))
    is_tidy(project)
    found = [(finding.rule, finding.faults) for finding in check_project(project).findings if finding.faults]
    assert found == []
