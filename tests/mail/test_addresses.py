"""Addresses: what may stand in a To header, and nothing that could become another header."""

from __future__ import annotations

from email.message import EmailMessage

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.errors import InvalidInput
from regiohub.mail import checked_address


@pytest.mark.parametrize(
    ("given_address", "used"),
    [
        ("anna@example.org", "anna@example.org"),
        (" anna@example.org ", "anna@example.org"),
        ("anna+saal@Sub.Example.ORG", "anna+saal@sub.example.org"),
        ("o'neill.x@example.org", "o'neill.x@example.org"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@STRAẞE.Example", "anna@xn--strae-oqa.example"),
        ("anna@strasse.example", "anna@strasse.example"),
        ("anna@Ｂ\u00fccher。example", "anna@xn--bcher-kva.example"),
        ("anna@bu\u0308cher.example", "anna@xn--bcher-kva.example"),
        ("anna@ab--cd.example", "anna@ab--cd.example"),
        ("anna@localhost", "anna@localhost"),
    ],
)
def test_sound_addresses_are_used_with_an_ascii_domain(given_address: str, used: str) -> None:
    assert checked_address(given_address) == used


@pytest.mark.parametrize(
    "address",
    [
        "", "anna", "@example.org", "anna@", "anna@example", "anna@-example.org", "anna@example..org",
        "anna example@example.org", "Anna <anna@example.org>", "anna@example.org, eva@example.org",
        "anna@example.org\nBcc: all@example.org", "anna@example.org\r\nBcc: all@example.org", "anna\t@example.org",
        "anna\x00@example.org", "ännä@example.org", "a" * 65 + "@example.org", "anna@" + "a" * 250 + ".org",
        ".anna@example.org", "anna@[127.0.0.1]", "anna@exa_mple.org", "anna@exa_mple.bücher.org", "anna@b⁄ü.org",
        "anna@℀.org", "anna@☃.org", "anna@ü..org", "anna@" + "ü" * 60 + ".org",
    ],
)  # fmt: skip
def test_malformed_addresses_are_refused_and_the_field_is_named(address: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_address(address, field="to")
    assert refusal.value.field == "to"


LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßàçéëîñøåæœłšž0123456789"


@given(st.lists(st.text(LETTERS, min_size=1, max_size=20), min_size=2, max_size=4))
def test_an_address_as_it_is_used_leads_back_to_its_letters_and_stays_as_it_is(labels: list[str]) -> None:
    domain = ".".join(labels)
    used = checked_address(f"anna@{domain.upper()}" if "ß" not in domain else f"anna@{domain}")
    assert idna.decode(used.removeprefix("anna@")) == domain
    assert checked_address(used) == used


@given(st.text(max_size=80) | st.from_regex(r"[a-z\r\n :@.,<>\"]{1,40}", fullmatch=True))
def test_whatever_is_accepted_makes_exactly_one_header_with_one_address(text: str) -> None:
    try:
        address = checked_address(text)
    except InvalidInput:
        return
    message = EmailMessage()
    message["To"] = address
    assert len(message["To"].addresses) == 1
    assert message.as_string().count("\n") == 2
