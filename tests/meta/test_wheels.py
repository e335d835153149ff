"""What a municipality installs: five wheels, without this repository beside them."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from .repository import PLUGINS, ROOT, files

PACKAGES = {"regiohub": Path("core/regiohub")} | {
    f"regiohub_{name}": Path(f"plugins/{name}/src/regiohub_{name}") for name in PLUGINS
}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("wheels")
    for project in (ROOT, *(ROOT / "plugins" / name for name in PLUGINS)):
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
        subprocess.run(command, cwd=project, check=True, capture_output=True)
    return {path.name.split("-")[0]: path for path in folder.glob("*.whl")}


@pytest.fixture(scope="module")
def installed(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the five distributions and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    for wheel in wheels.values():
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder


def _python(installed: Path, *arguments: str) -> str:
    """What Python prints when it runs with the installed wheels; fails with its errors."""
    # The libraries come from the environment; its own links to the repository do not, as a folder of PYTHONPATH
    # is no site folder: no .pth file of it is read.
    path = os.pathsep.join([str(installed), sysconfig.get_paths()["purelib"]])
    interpreter: str = getattr(sys, "_base_executable", sys.executable)
    environment = os.environ | {"PYTHONPATH": path, "REGIOHUB_DATA_DIR": str(installed / "data")}
    done = subprocess.run(
        [interpreter, *arguments], cwd=installed, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _regiohub(installed: Path, *arguments: str) -> str:
    return _python(installed, "-c", "from regiohub.cli import app; app()", *arguments)


def test_there_is_one_wheel_for_the_core_and_one_for_each_plugin(wheels: dict[str, Path]) -> None:
    assert set(wheels) == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_wheel_carries_every_file_of_its_package(wheels: dict[str, Path], package: str) -> None:
    source = PACKAGES[package]
    expected = {
        f"{package}/{path.relative_to(source).as_posix()}"
        for path in files()
        if path.is_relative_to(source) and not path.is_relative_to("core/regiohub/web/assets")
    }
    carried = set(zipfile.ZipFile(wheels[package]).namelist())
    assert expected - carried == set()


@pytest.mark.parametrize("file", ["graphiql/graphiql.js", "graphiql/graphiql.css", "kern/kern.min.css"])
def test_the_cores_wheel_carries_what_the_browser_loads(wheels: dict[str, Path], file: str) -> None:
    assert f"regiohub/web/static/vendor/{file}" in zipfile.ZipFile(wheels["regiohub"]).namelist()


def test_the_cores_wheel_carries_the_template_of_plugins_complete(wheels: dict[str, Path]) -> None:
    template = Path("templates/plugin")
    expected = {
        f"regiohub/_templates/plugin/{path.relative_to(template).as_posix()}"
        for path in files()
        if path.is_relative_to(template)
    }
    assert "regiohub/_templates/plugin/cookiecutter.json" in expected
    assert expected - set(zipfile.ZipFile(wheels["regiohub"]).namelist()) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_is_imported_from_the_wheel(installed: Path, package: str) -> None:
    place = _python(installed, "-c", f"import {package}; print({package}.__file__)")
    assert Path(place.strip()).is_relative_to(installed)


def test_the_installed_command_migrates_and_finds_healthy_plugins_by_their_entry_points(installed: Path) -> None:
    _regiohub(installed, "db", "upgrade")
    found = json.loads(_regiohub(installed, "plugin", "list", "--json"))
    assert {plugin["id"]: plugin["healthy"] for plugin in found} == dict.fromkeys(PLUGINS, True)


def test_a_plugin_is_made_with_the_installed_command(installed: Path, tmp_path: Path) -> None:
    said = _regiohub(installed, "plugin", "new", "--no-input", "--id", "bus_stops", "--output", str(tmp_path))
    (made,) = tmp_path.iterdir()
    assert (made / "src" / "regiohub_bus_stops" / "plugin.py").is_file()
    assert "regiohub plugin try" in said
