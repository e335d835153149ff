"""Nothing under version control names a place that only somebody's machine or network has."""

import re

import pytest

from .repository import ROOT, files, text

# In pieces: this file is searched as well.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com"]
OPTIONS = ["index" + "-url", "find" + "-links", "trusted" + "-host"]
MACHINE_PATH = re.compile(r"(?<![\w.})>*-])/(?:work|root|home|Users)/\w")


def _containing(pattern: str | re.Pattern[str]) -> list[str]:
    found = re.compile(pattern).search
    return [str(path) for path in files() if (content := text(path)) is not None and found(content)]


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host: str) -> None:
    assert _containing(re.escape(host)) == []


@pytest.mark.parametrize(
    "path",
    [
        *(f"{folder}package-lock.json" for folder in ("", "benchmarks/graphql/postgraphile/", "docs/site/")),
        *(f"requirements/{name}.txt" for name in ("build", "dev", "editable", "prod")),
    ],
)
def test_a_lock_file_holds_hashes_and_no_address(path: str) -> None:
    content = (ROOT / path).read_text()
    assert "://" not in content
    assert [option for option in OPTIONS if option in content] == []


def test_lock_formats_that_carry_addresses_stay_out() -> None:
    assert [path.name for path in files() if path.name in {"uv.lock", "poetry.lock", "yarn.lock", "pylock.toml"}] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert _containing(MACHINE_PATH) == []
