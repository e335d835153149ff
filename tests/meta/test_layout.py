"""The house: where things stand, and how long they get."""

import statistics
from pathlib import Path

import pytest

from .repository import PLUGINS, ROOT, files, text

TOP_LEVEL = {
    # who reads the repository first
    *("README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "publiccode.yml"),
    # what builds it
    *("pyproject.toml", "Makefile", "package.json", "package-lock.json", "requirements", ".ci"),
    *(".gitignore", ".gitattributes", ".dockerignore", ".editorconfig", "changelog.d"),
    # what it is
    *("core", "plugins", "tenants", "templates", "deploy", "docs", "tests", "benchmarks"),
}
LONGEST_MODULE = 500
MEDIAN_MODULE = 120


def test_every_top_level_entry_has_a_place_in_the_design() -> None:
    assert {path.parts[0] for path in files()} <= TOP_LEVEL


def _modules() -> list[Path]:
    return [
        path for path in files() if path.suffix == ".py" and path.parts[0] in {"core", "plugins", "tests", "benchmarks"}
    ]


def _lines(path: Path) -> int:
    return len((text(path) or "").splitlines())


def test_no_module_is_longer_than_anybody_reads() -> None:
    assert {str(path): _lines(path) for path in _modules() if _lines(path) > LONGEST_MODULE} == {}


def test_most_modules_fit_on_two_screens() -> None:
    assert statistics.median(_lines(path) for path in _modules()) <= MEDIAN_MODULE


@pytest.mark.parametrize("package", ["core/regiohub", *(f"plugins/{name}/src/regiohub_{name}" for name in PLUGINS)])
def test_every_package_tells_type_checkers_that_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_every_folder_of_code_is_a_package() -> None:
    """Otherwise it becomes a namespace package, which the wheel and the import contracts miss."""
    roots = ["core/regiohub", *(f"plugins/{name}/src/regiohub_{name}" for name in PLUGINS)]
    folders = {path.parent for path in _modules() if any(path.is_relative_to(root) for root in roots)}
    missing = {str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()}
    # Alembic loads the files of versions/ by their path.
    assert {folder for folder in missing if not folder.endswith("migrations/versions")} == set()
