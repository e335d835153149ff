"""Searching finds words whatever their case, accents and umlauts."""

from hypothesis import given
from hypothesis import strategies as st

from regiohub_atlas.service.folding import MAX_WORDS, fold, search_words, searchable


def test_umlauts_are_found_spelt_out_and_without_their_dots() -> None:
    text = searchable("Bäume für Straßen", None, "Café")
    for query in ("Bäume", "BAEUME", "baume", "strasse", "straße", "cafe", "café"):
        assert all(word in text for word in search_words(query)), query


def test_signs_between_words_do_not_matter() -> None:
    assert search_words("Stadt-WLAN,  100 %_") == ["stadt", "wlan", "100", "_"]


@given(st.text(max_size=200))
def test_a_text_is_found_by_each_of_its_own_words(text: str) -> None:
    row = searchable(text)
    assert all(word in row for word in search_words(text))
    assert len(search_words(text)) <= MAX_WORDS


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
