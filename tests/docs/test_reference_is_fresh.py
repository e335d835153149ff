"""The generated pages say what the code declares now."""

from __future__ import annotations

from pathlib import Path

import pytest

from regiohub_docs.reference import registry
from regiohub_docs.site.places import DOCS

REMEDY = "run: make reference"


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return registry.generated()


def test_every_generated_page_is_up_to_date(generated: dict[str, str]) -> None:
    folder = DOCS / "reference"
    stale = [
        name
        for name, text in generated.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], REMEDY


def test_no_page_of_something_that_is_gone_is_left(generated: dict[str, str]) -> None:
    folder = DOCS / "reference"
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    marked = {
        name for name in kept if name.endswith(".graphql") or "run `make reference`" in (folder / name).read_text()
    }
    assert sorted(marked - generated.keys()) == []


def test_only_what_has_changed_is_written(generated: dict[str, str], tmp_path: Path) -> None:
    assert sorted(registry.write(tmp_path)) == sorted(generated)
    (tmp_path / "metrics.md").write_text("outdated", encoding="utf-8")
    assert registry.write(tmp_path) == ["metrics.md"]
    assert (tmp_path / "metrics.md").read_text(encoding="utf-8") == generated["metrics.md"]
