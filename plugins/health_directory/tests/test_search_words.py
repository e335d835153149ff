"""Search without a database: normal forms, typos, synonyms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_health_directory.service.search import Lexicon, match_terms, normal_form, parse_query, similarity
from regiohub_health_directory.service.search.query import QueryTooLongError
from regiohub_health_directory.service.search.terms import label_vocabulary
from regiohub_health_directory.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
LEXICON = Lexicon(label_vocabulary(TAXONOMY))


def terms_for(text: str) -> list[str]:
    words = parse_query(text).words
    fitting = {word: LEXICON.best_matches(word) for word in words}
    found = match_terms(TAXONOMY, fitting)
    return sorted(found, key=lambda code: (-sum(found[code].values()), code))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Zahnartz", "MZAH"),
        ("Fysiotherapie", "PHYS"),
        ("Apoteke", "APOT"),
        ("Hebame", "HEBA"),
        ("Augenarz", "AUGE"),
        ("Sychotherapie", "PST"),
        ("Logopedie", "SPR"),
    ],
)
def test_a_typo_finds_the_right_term_first(typed: str, code: str) -> None:
    assert terms_for(typed)[0] == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Krankengymnastik", "PHYS"),
        ("Fußpflege", "POD"),
        ("Kinderarzt", "KIJU"),
        ("Hausärztin", "ALLG"),
        ("Zahnärztin", "MZAH"),
        ("Frauenarzt", "FRAU"),
        ("Kinderärztin", "KIJU"),
        ("Physiotherapeutin", "PHYS"),
        ("Orthopäde", "ORTH"),
        ("Psychiaterin", "PSYC"),
        ("Selbsthilfegruppe", "SELB"),
        ("Zahnarztpraxis", "MZAH"),
        ("HNO", "HNOH"),
        ("dentist", "MZAH"),
    ],
)
def test_a_synonym_finds_the_right_term_first(typed: str, code: str) -> None:
    assert terms_for(typed)[0] == code


@pytest.mark.parametrize("typed", ["Ärzte", "Aerzte", "arzte", "ÄRZTIN", "A\u0308rztinnen"])
def test_umlauts_and_their_transcriptions_are_one_word(typed: str) -> None:
    assert normal_form(typed) == "arzt"


def test_a_correct_word_brings_no_neighbours_that_merely_look_alike() -> None:
    assert "ALLG" not in terms_for("Hautarzt")
    assert "PST" not in terms_for("Physiotherapie")


def test_the_word_arzt_finds_every_speciality() -> None:
    found = terms_for("Arzt")
    assert found[0] == "ARZT"
    assert {"ALLG", "UROL", "MZAH"} <= set(found)


def test_filler_words_do_not_count_unless_they_are_all_there_is() -> None:
    assert parse_query("Ich suche einen Zahnarzt in der Nähe").words == ("zahnarzt",)
    assert parse_query("bei").words == ("bei",)


def test_physio_and_psychotherapy_stay_apart() -> None:
    assert similarity("physiotherapi", "psychotherapi") == 0.0


@pytest.mark.parametrize("text", ["x" * 201, " ".join(f"wort{n}" for n in range(13))])
def test_an_endless_query_is_refused(text: str) -> None:
    with pytest.raises(QueryTooLongError):
        parse_query(text)


def test_a_query_never_shows_its_words() -> None:
    assert "zahn" not in f"{parse_query('Zahnarzt')!r} {parse_query('Zahnarzt')}"


@given(st.text(max_size=80))
def test_any_text_is_a_query_whose_case_does_not_matter(text: str) -> None:
    assert parse_query(text.casefold()).words == parse_query(text).words
