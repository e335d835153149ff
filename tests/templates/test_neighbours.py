"""Plugins from the template get along with each other and with those of this repository."""

import os
import sys
from pathlib import Path

import pytest

from .project import answers_for, make, run

OPTIONS = answers_for("table", "console", "portal", "job", "http", "importer")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project from the template."""
    return make(tmp_path_factory.mktemp("neighbour"), OPTIONS)


def test_two_of_them_and_all_plugins_of_this_repository_share_one_town(places: Path, tmp_path: Path) -> None:
    sources = [places / "src", make(tmp_path, OPTIONS | {"id": "city_trees"}) / "src"]
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sources)), "PYTHONDONTWRITEBYTECODE": "1"}
    run([sys.executable, Path(__file__).with_name("neighbours.py")], cwd=tmp_path, env=paths)


def test_its_own_tests_pass_where_other_plugins_are_installed(places: Path, tmp_path: Path) -> None:
    metadata = tmp_path / "regiohub_places-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: regiohub-places\nVersion: 0.1.0\n")
    (metadata / "entry_points.txt").write_text("[regiohub.plugins]\nplaces = regiohub_places.plugin:plugin\n")
    paths = {"PYTHONPATH": os.pathsep.join(map(str, (places / "src", tmp_path)))}
    # The one that asks all plugins of its world.
    chosen = ["tests/test_demo.py", "-k", "links", "-m", "not postgresql"]
    printed = run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen], cwd=places, env=os.environ | paths
    )
    assert "1 passed" in printed
