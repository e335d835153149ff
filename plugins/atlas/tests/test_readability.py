"""Readability of German texts: the formula on a text counted by hand, and what must hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_atlas.models import TextVariety
from regiohub_atlas.service.readability import Ease, read_text, school_year, syllables

WORDS = st.sampled_from(
    ["Stadt", "Bürgerin", "Beteiligung", "ist", "Straße", "Öffentlichkeit", "und", "Planung", "wir"]
)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("word", "count"),
    [("ein", 1), ("Straße", 2), ("Beteiligung", 4), ("Öffentlichkeitsbeteiligung", 8), ("Europa", 3), ("Bürger-Rat", 3),
     ("Leichte", 2), ("Theater", 3), ("Mitmach·angebot", 5), ("pst", 1)],
)  # fmt: skip
def test_syllables_of_words(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formula_on_a_sentence_counted_by_hand() -> None:
    # 5 words, 1 sentence; 1 word of three syllables or more, 1 of more than six letters, 3 of one syllable
    words = ["Wir", "planen", "die", "Beteiligung", "neu"]
    assert school_year(words, 1) == pytest.approx(0.1935 * 20 + 0.1672 * 5 + 0.1297 * 20 - 0.0327 * 60 - 0.875)


def test_short_sentences_of_short_words_are_easy_and_an_official_one_is_not() -> None:
    easy = read_text("Die Stadt baut eine Straße. Sie können mitreden. Sagen Sie uns Ihre Meinung.", TextVariety.EASY)
    hard = read_text(
        "Im Rahmen der frühzeitigen Öffentlichkeitsbeteiligung gemäß Baugesetzbuch erfolgt die Auslegung der "
        "Planunterlagen, in deren Verlauf Stellungnahmen abgegeben werden können.",
        TextVariety.PLAIN,
    )
    assert easy.ease is Ease.GOOD
    assert hard.ease is Ease.TOO_HARD
    assert hard.long_words[0] == "Öffentlichkeitsbeteiligung"
    assert hard.long_sentences[0].startswith("Im Rahmen")


def test_a_middle_dot_or_hyphen_makes_a_long_word_readable() -> None:
    assert read_text("Öffentlichkeits·beteiligung ist gut.", TextVariety.PLAIN).long_words == ()


@pytest.mark.parametrize("text", ["", "  \n ", "12 34 – 5", "…!?"])
def test_without_words_there_is_nothing_to_measure(text: str) -> None:
    assert read_text(text).ease is Ease.EMPTY
    assert read_text(text).year is None


@given(st.text(max_size=400))
def test_any_text_is_measured_without_a_fault(text: str) -> None:
    found = read_text(text)
    assert (found.year is None) == (found.words == 0)
    assert found.sentences <= found.words


@given(SENTENCES)
def test_joining_sentences_never_makes_a_text_easier(sentences: list[list[str]]) -> None:
    apart = read_text(" ".join(f"{' '.join(words)}." for words in sentences))
    joined = read_text(f"{' '.join(word for words in sentences for word in words)}.")
    assert apart.year is not None
    assert joined.year is not None
    assert joined.year >= apart.year


@given(SENTENCES)
def test_order_of_sentences_does_not_matter(sentences: list[list[str]]) -> None:
    texts = [f"{' '.join(words)}." for words in sentences]
    assert read_text(" ".join(texts)).year == read_text(" ".join(reversed(texts))).year


@given(st.text(alphabet="abcdefghijklmnoprstuvwzäöüß", min_size=1, max_size=25))
def test_a_word_has_at_least_one_syllable_and_no_more_than_letters(word: str) -> None:
    assert 1 <= syllables(word) <= len(word)
