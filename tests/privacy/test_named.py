"""Whom words name, and where a person is named."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.errors import InvalidInput
from regiohub.events.models import EntryKind
from regiohub.plugins.subjects import Subject
from regiohub.privacy import subject_named
from regiohub.privacy.named import mark_of
from regiohub.privacy.traces import concerns, is_about

ANNA = Subject("anna", frozenset({"anna@example.org"}))


def test_an_identifier_and_addresses_in_any_case_are_one_person() -> None:
    assert subject_named([" anna ", "Anna@Example.org", "", "anna"]) == ANNA
    assert subject_named(["x@bücher.example"]).emails == {"x@bücher.example", "x@xn--bcher-kva.example"}


def test_a_sharp_s_makes_no_other_domain_of_an_address() -> None:
    for typed in ("info@straße.example", "Info@STRAẞE.example"):
        assert subject_named([typed]).emails == {"info@straße.example", "info@xn--strae-oqa.example"}
    assert not Subject(None, frozenset({"info@strasse.example"})).is_email("info@straße.example")
    assert Subject(None, frozenset({"info@müller.example"})).is_email(" Info@MÜLLER.example")


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
        ({"subject": "anna"}, True),
        ({"booked_by_subject": "anna"}, True),
        ({"user_id": "anna"}, True),
        ({"actors": ["ben", "anna"]}, True),
        ({"subject": "annalena"}, False),
        ({"room": "anna"}, False),
        ({"subjective": "anna"}, False),
        ({"to": "ANNA@example.org"}, True),
        ({"contact_email": "Anna <anna@example.org>"}, True),
        ({"emails": ["ben@example.org", "anna@example.org"]}, True),
        ({"text": "Bitte an anna@example.org."}, False),
        ({"to": "johanna@example.org"}, False),
        ({"to": "anna@example.org.evil.example"}, False),
        ({"to": "anna@example.organic"}, False),
        ({"anna@example.org": 1, "anna": "subject"}, False),
        ([1, None, {"a": [{"subject": "anna"}]}], True),
        ("anna", False),
        ({}, False),
    ],
)
def test_work_names_the_person_in_fields_for_people_only(value: object, about: bool) -> None:
    assert is_about(value, ANNA) is about


def test_in_settings_an_address_counts_in_every_text_and_a_key_never() -> None:
    assert is_about({"hint": "Fragen an <Anna@example.org>."}, ANNA, in_words=True)
    assert not is_about({"anna@example.org": 1, "hint": "johanna@example.org", "x": "anna"}, ANNA, in_words=True)


def test_a_mail_is_its_readers_whatever_it_says() -> None:
    said = {"data": {"email": "anna@example.org", "subject": "anna"}, "locale": "de"}
    assert concerns(EntryKind.MAIL, {"to": " Anna@example.org", **said}, ANNA)
    assert not concerns(EntryKind.MAIL, {"to": "ben@example.org", **said}, ANNA)
    assert not concerns(EntryKind.MAIL, {}, ANNA)


WORDS = st.sampled_from(["to", "de", "Saal", "2026-1", "data", "locale", "id", "ben@example.org", "ben"])


@given(WORDS, st.dictionaries(st.sampled_from(["room", "locale", "number", "id", "after"]), WORDS))
def test_ordinary_words_are_nobody(word: str, payload: dict[str, str]) -> None:
    somebody = Subject(None, frozenset({word})) if "@" in word else Subject(word)
    assert not is_about(payload, somebody)


def test_the_mark_of_a_person_is_stable_and_tells_nothing() -> None:
    mark = mark_of(b"key", ANNA)
    assert mark == mark_of(b"key", ANNA)
    assert len(mark) == 20
    assert mark not in (mark_of(b"other", ANNA), mark_of(b"key", Subject("anna")))
