"""Slugs: their form, reserved words and near names."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.tenancy.config import RESERVED_SLUGS, is_reserved_slug, is_valid_slug, near_names

TOWNS = ["bad-belzig", "berlin", "potsdam", "wiesenburg"]


@settings(deadline=None)
@given(st.text(alphabet="abz019-", max_size=45))
def test_a_slug_is_2_to_40_of_the_allowed_signs_without_a_hyphen_at_either_end(text: str) -> None:
    expected = 2 <= len(text) <= 40 and not text.startswith("-") and not text.endswith("-")
    assert is_valid_slug(text) is expected


@settings(deadline=None)
@given(st.text(min_size=1))
def test_no_other_sign_is_ever_accepted(text: str) -> None:
    if is_valid_slug(text):
        assert re.fullmatch(r"[a-z0-9-]{2,40}", text, re.ASCII)


@pytest.mark.parametrize(
    "word",
    ["console", "region", "auth", "healthz", "readyz", "metrics", "static", "graphql", "api", "docs", "admin", "portal",
     "login", "logout", "well-known", ".well-known", "favicon.ico", "robots.txt", "Console"],
)  # fmt: skip
def test_words_of_the_platform_are_reserved(word: str) -> None:
    assert is_reserved_slug(word)


def test_every_reserved_word_could_be_a_slug_otherwise() -> None:
    assert [word for word in sorted(RESERVED_SLUGS) if not is_valid_slug(word)] == []


@pytest.mark.parametrize("town", TOWNS)
def test_the_four_towns_are_not_reserved(town: str) -> None:
    assert not is_reserved_slug(town)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("potsdm", "potsdam"),
        ("Pötsdam", "potsdam"),
        ("belzig", "bad-belzig"),
        ("bad belzig", "bad-belzig"),
        ("wiesenburg-mark", "wiesenburg"),
        ("Berlin", "berlin"),
    ],
)
def test_a_misspelt_town_finds_the_one_that_was_meant(typed: str, first: str) -> None:
    assert near_names(typed, TOWNS)[0] == first


def test_a_word_like_nothing_has_no_near_names() -> None:
    assert near_names("xqzvkw", TOWNS) == []


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.from_regex(r"[a-z0-9-]{2,12}", fullmatch=True), max_size=8))
def test_near_names_are_known_ones_and_at_most_three(typed: str, known: list[str]) -> None:
    found = near_names(typed, known)
    assert len(found) <= 3
    assert set(found) <= set(known)
    assert len(found) == len(set(found))


@settings(deadline=None)
@given(st.sampled_from(TOWNS))
def test_a_known_name_is_nearest_to_itself(town: str) -> None:
    assert near_names(town, TOWNS)[0] == town
