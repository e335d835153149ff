"""Whom words name, and where a person is named."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.errors import InvalidInput
from regiohub.plugins.subjects import Subject
from regiohub.privacy import subject_named
from regiohub.privacy.named import mark_of
from regiohub.privacy.traces import is_about

ANNA = Subject("anna", frozenset({"anna@example.org"}))


def test_an_identifier_and_addresses_in_any_case_are_one_person() -> None:
    assert subject_named([" anna ", "Anna@Example.org", "", "anna"]) == ANNA
    assert subject_named(["x@bücher.example"]).emails == {"x@bücher.example", "x@xn--bcher-kva.example"}


@pytest.mark.parametrize("words", [[], [" "], ["anna", "ben"], ["a@"], ["a b@example.org"], ["x" * 300], ["a\0b"]])
def test_what_names_nobody_or_two_is_refused_with_its_field(words: list[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        subject_named(words, field="who")
    assert error.value.field == "who"


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_words_are_a_person_or_refused(words: list[str]) -> None:
    with suppress(InvalidInput):
        found = subject_named(words)
        assert found.id or found.emails
        assert all("@" in address for address in found.emails)


@pytest.mark.parametrize(
    ("value", "about"),
    [
        ({"who": "anna"}, True),
        ({"who": "annalena"}, False),
        ({"to": "ANNA@example.org"}, True),
        ({"text": ["Bitte an <anna@example.org>."]}, True),
        ({"text": "johanna@example.org"}, False),
        ({"text": "anna@example.org.evil.example"}, False),
        ({"text": "anna@example.organic"}, False),
        ({"anna@example.org": 1}, True),
        ([1, None, {"a": [{"b": "anna"}]}], True),
        ({}, False),
    ],
)
def test_a_value_names_the_person_as_a_whole_and_never_by_accident(value: object, about: bool) -> None:
    assert is_about(value, ANNA) is about


def test_the_mark_of_a_person_is_stable_and_tells_nothing() -> None:
    mark = mark_of(b"key", ANNA)
    assert mark == mark_of(b"key", ANNA)
    assert len(mark) == 20
    assert mark not in (mark_of(b"other", ANNA), mark_of(b"key", Subject("anna")))
