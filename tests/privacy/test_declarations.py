"""What a plugin may say about the data it keeps, and what keeps it from loading."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.api import DataCategory, PersonalTable, Plugin, t
from regiohub.plugins.data import empty_value
from regiohub.plugins.errors import PluginError
from regiohub_booking.models import AccessGrant, Booking, Question, Resource

TITLE = t("Daten", "Data")
BOOKING = PersonalTable("booking_booking", subject="subject", email="booker_email", clear=("purpose",))


def checked(*people: PersonalTable, **more: Any) -> None:
    """Check a manifest with the tables of booking."""
    given: dict[str, Any] = {"personal": True, "people": people, **more}
    Plugin(
        "booking", TITLE, TITLE, models=(Booking, Question, AccessGrant, Resource), migrations="x",
        data_categories=(DataCategory("data", TITLE, **given),),
    ).check()  # fmt: skip


def test_a_sound_declaration_is_taken_and_its_tables_are_known() -> None:
    below = PersonalTable("booking_question", belongs_to="booking_id")
    checked(BOOKING, below, retention=timedelta(days=1))
    category = DataCategory("data", TITLE, personal=True, tables=("a",), people=(BOOKING, below))
    assert category.tables == ("a", "booking_booking", "booking_question")


def test_a_declaration_of_earlier_releases_still_loads() -> None:
    checked(retention=None, tables=("booking_booking",))
    checked(personal=False, tables=("booking_resource",))


@pytest.mark.parametrize(
    ("people", "fault"),
    [
        ((PersonalTable("booking_gone", subject="subject"),), "names the unknown table booking_gone"),
        ((PersonalTable("booking_booking", subject="who"),), "table booking_booking: there is no column who"),
        ((PersonalTable("booking_booking", subject="subject", clear=("gone",)),), "there is no column gone"),
        ((PersonalTable("booking_booking", subject="subject", counted_from="gone"),), "there is no column gone"),
        ((PersonalTable("booking_booking", subject="subject", hidden=("gone",)),), "there is no column gone"),
        ((PersonalTable("booking_booking", clear=("purpose",)),), "nothing says whose a row is"),
        ((PersonalTable("booking_booking", subject="subject", clear=("purpose",), keep=TITLE),), "not both"),
        ((PersonalTable("booking_booking", subject="subject", clear=("starts_at",)),), "column starts_at cannot be"),
        ((PersonalTable("booking_booking", subject="subject", clear=("resource_id",)),), "column resource_id cannot"),
        ((PersonalTable("booking_question", belongs_to="booking_id"),), "which no category declares"),
        ((BOOKING, PersonalTable("booking_question", belongs_to="answer")), "column answer points nowhere"),
        ((BOOKING, BOOKING), "declares the table booking_booking a second time"),
        ((PersonalTable("booking_resource", belongs_to="whole_id"),), "belongs_to leads back to booking_resource"),
    ],
)
def test_a_contradiction_keeps_the_plugin_from_loading(people: tuple[PersonalTable, ...], fault: str) -> None:
    with pytest.raises(PluginError) as error:
        checked(*people)
    assert fault in str(error.value)


def test_people_in_a_category_that_is_not_personal_are_a_contradiction() -> None:
    with pytest.raises(PluginError, match="is not personal"):
        checked(BOOKING, personal=False)


def test_a_retention_of_nothing_is_refused() -> None:
    with pytest.raises(PluginError, match="longer than nothing"):
        checked(BOOKING, retention=timedelta())


def test_a_required_text_is_emptied_to_an_empty_one_and_other_required_values_cannot_be() -> None:
    assert empty_value(sa.Column("x", sa.Integer(), nullable=True)) is None
    assert empty_value(sa.Column("x", sa.Text(), nullable=False)) == ""
    for kind in (sa.Integer(), sa.JSON(), sa.Enum("a", "b")):
        with pytest.raises(ValueError, match="x"):
            empty_value(sa.Column("x", kind, nullable=False))
