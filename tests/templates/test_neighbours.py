"""Plugins from the template get along with each other and with those of this repository."""

import os
import sys
from pathlib import Path

from .project import answers_for, make, run


def test_two_of_them_and_all_plugins_of_this_repository_share_one_town(tmp_path: Path) -> None:
    options = answers_for("table", "console", "portal", "job", "http", "importer")
    sources = [make(tmp_path, options | {"id": name}) / "src" for name in ("places", "city_trees")]
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sources)), "PYTHONDONTWRITEBYTECODE": "1"}
    run([sys.executable, Path(__file__).with_name("neighbours.py")], cwd=tmp_path, env=paths)
