"""Addresses: what may stand in a To header, and nothing that could become another header."""

from __future__ import annotations

from email.message import EmailMessage

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
        ".anna@example.org", "anna@[127.0.0.1]", "anna@exa_mple.org",
    ],
)  # fmt: skip
def test_malformed_addresses_are_refused_and_the_field_is_named(address: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_address(address, field="to")
    assert refusal.value.field == "to"


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
