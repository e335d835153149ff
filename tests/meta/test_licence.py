"""The licence travels with the code."""

import re
import tomllib

from .repository import PLUGINS, ROOT


def test_the_full_text_of_the_licence_is_present() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert [int(number) for number in re.findall(r"^(\d+)\.\w", text, flags=re.MULTILINE)] == list(range(1, 16))
    assert "Appendix" in text


def test_every_distribution_names_the_same_licence() -> None:
    projects = [ROOT / "pyproject.toml", *(ROOT / "plugins" / name / "pyproject.toml" for name in PLUGINS)]
    assert {tomllib.loads(project.read_text())["project"]["license"] for project in projects} == {"EUPL-1.2"}


def test_every_distribution_carries_its_text() -> None:
    folders = [ROOT, *(ROOT / "plugins" / name for name in PLUGINS)]
    assert {(folder / "LICENSE").read_bytes() for folder in folders} == {(ROOT / "LICENSE").read_bytes()}
    named = [tomllib.loads((folder / "pyproject.toml").read_text())["project"]["license-files"] for folder in folders]
    assert named == [["LICENSE"]] * len(folders)
