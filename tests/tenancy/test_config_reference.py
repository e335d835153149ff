"""The reference page of the format is the one that the models give."""

from pathlib import Path

from regiohub.tenancy.config.reference import render_reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "tenant-toml.md"


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_reference()


def test_every_key_has_a_meaning() -> None:
    assert "| None |" not in render_reference()
