"""The taxonomy file: codes are unique, stable and, where a German list has them, the list's own."""

import json
import re
from pathlib import Path

import pytest

from regiohub_health_directory.taxonomy import load_taxonomy, term_id

LISTS = Path(__file__).parents[4] / "shared" / "standards" / "gematik-vzd"
TAXONOMY = load_taxonomy()


def test_codes_are_written_once_and_parents_come_first() -> None:
    seen: set[str] = set()
    text = Path(__file__).parents[1].joinpath("src/regiohub_health_directory/taxonomy/terms.toml").read_text("utf-8")
    assert len(re.findall(r"^code = ", text, re.MULTILINE)) == len(TAXONOMY.terms) >= 90
    for term in TAXONOMY.terms.values():
        assert term.parent is None or term.parent in seen
        seen.add(term.code)


def test_every_term_has_both_titles_and_every_leaf_has_synonyms() -> None:
    for term in TAXONOMY.terms.values():
        assert term.de
        assert term.en
        assert term.synonyms or TAXONOMY.children(term.code)


def test_lay_offers_stand_beside_medical_ones() -> None:
    assert {"SELB", "BEWE", "NACH", "BEGE", "FAHR"} <= TAXONOMY.with_descendants("LEBE")


def test_identifiers_of_terms_never_change() -> None:
    assert str(term_id("MZAH")) == "b8ba67ad-0ffb-5fdc-a6b7-be4cd4778a2c"


def test_codes_that_claim_an_official_list_stand_in_it() -> None:
    if not LISTS.is_dir():
        pytest.skip("the official code lists are not at hand")
    official: dict[str, set[str]] = {}
    for file in LISTS.glob("CodeSystem-*.json"):
        content = json.loads(file.read_text("utf-8"))
        official[content["url"]] = {concept["code"] for concept in content.get("concept", ())}
    claimed = [term for term in TAXONOMY.terms.values() if term.official]
    assert len(claimed) >= 45
    assert [term.code for term in claimed if term.code not in official[str(term.official)]] == []
