"""Forms: what was typed becomes a model, or stands in the form again beside what is wrong with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from regiohub.console.forms import Form, FormModel, asked
from regiohub.errors import Conflict
from regiohub.texts import t

BERLIN = ZoneInfo("Europe/Berlin")


class Kind(StrEnum):
    ROOM = "room"
    THING = "thing"


class Everything(FormModel):
    name: str = asked(t("Name", "Name"), min_length=1, max_length=20)
    count: int | None = asked(t("Anzahl", "Count"), default=None, ge=1)
    share: float = asked(t("Anteil", "Share"), default=0.5)
    public: bool = asked(t("Öffentlich", "Public"), default=True)
    kind: Kind = asked(t("Art", "Kind"), default=Kind.ROOM)
    kinds: list[Kind] = asked(t("Arten", "Kinds"), default=[])
    starts_at: datetime | None = asked(t("Beginn", "Start"), default=None)
    day: date | None = asked(t("Tag", "Day"), default=None)
    words: list[str] = asked(t("Wörter", "Words"), default=[])
    secret: SecretStr | None = asked(t("Geheimnis", "Secret"), default=None)


def posted(**data: str | list[str]) -> Form[Everything]:
    form = Form(Everything, zone=BERLIN)
    form.read({name: value if isinstance(value, list) else [value] for name, value in data.items()})
    return form


def test_a_full_form_becomes_a_model() -> None:
    form = posted(
        name=" Saal ", count="3", share="0,25", kind="thing", kinds=["room", "thing"], starts_at="2026-06-01T10:00",
        day="2026-06-02", words="eins\n\n zwei ", secret="geheim",
    )  # fmt: skip
    assert form.value is not None
    assert form.value.model_dump() == {
        "name": "Saal", "count": 3, "share": 0.25, "public": False, "kind": Kind.THING,
        "kinds": [Kind.ROOM, Kind.THING], "starts_at": datetime(2026, 6, 1, 10, tzinfo=BERLIN),
        "day": date(2026, 6, 2), "words": ["eins", "zwei"], "secret": SecretStr("geheim"),
    }  # fmt: skip


class Chosen(FormModel):
    tone: str | None = asked(
        t("Ton", "Tone"), default=None, kind="choice", choices=(("dark", t("dunkel", "dark")), ("light", "hell"))
    )
    tones: list[str] = asked(t("Töne", "Tones"), default=[], kind="several", choices=(("dark", "dunkel"),))


def test_only_what_the_model_offers_can_be_chosen() -> None:
    for data in ({"tone": "[None]"}, {"tones": "light"}, {"tones": ["dark", "light"]}):
        form = Form(Chosen, zone=BERLIN)
        form.read({name: value if isinstance(value, list) else [value] for name, value in data.items()})
        assert form.value is None
        assert [fault.en for fault in form[next(iter(data))].faults] == ["This is not offered here."]
    form = Form(Chosen, zone=BERLIN)
    form.read({"tone": ["light"], "tones": ["dark"]})
    assert form.value == Chosen(tone="light", tones=["dark"])
    empty = Form(Chosen, zone=BERLIN)
    empty.read({"tone": [""]})
    assert empty.value == Chosen()


def test_a_fault_stands_at_its_field_and_what_was_typed_is_kept() -> None:
    form = posted(name="", count="keine", starts_at="morgen")
    assert form.value is None
    assert [fault.de for fault in form.name.faults] == ["Bitte mindestens 1 Zeichen."]
    assert [fault.en for fault in form.count.faults] == ["A whole number, please."]
    assert form.starts_at.faults
    assert (form.count.value, form.starts_at.value) == ("keine", "morgen")


def test_a_fault_of_the_domain_finds_its_field_by_the_name_that_graphql_uses() -> None:
    form = posted(name="Saal")
    form.fail(Conflict(t("Belegt.", "Taken."), field="startsAt"))
    form.fail(Conflict(t("Geschlossen.", "Closed."), field="elsewhere"))
    assert [fault.de for fault in form.starts_at.faults] == ["Belegt."]
    assert [fault.de for fault in form.faults] == ["Geschlossen."]


def test_a_secret_is_never_written_back() -> None:
    form = posted(name="", secret="geheim")
    assert form.secret.value == ""
    again = Form(Everything, zone=BERLIN, initial={"secret": SecretStr("geheim")})
    assert again.secret.value == ""


MOMENTS = st.integers(26_300_000, 31_500_000).map(lambda minutes: datetime.fromtimestamp(minutes * 60, UTC))


@given(MOMENTS)
def test_a_moment_comes_back_as_it_was_shown_whatever_the_season(moment: datetime) -> None:
    shown = Form(Everything, zone=BERLIN, initial={"starts_at": moment}).starts_at.value
    value = posted(name="x", starts_at=shown).value
    assert value is not None
    assert value.starts_at is not None
    # The hour that a clock shows twice in autumn means its first occurrence.
    local = moment.astimezone(BERLIN)
    assert value.starts_at.astimezone(UTC) == local.replace(fold=0).astimezone(UTC)


@given(st.dictionaries(st.sampled_from(list(Everything.model_fields)), st.lists(st.text(max_size=30), max_size=3)))
def test_whatever_is_posted_there_is_a_model_or_a_fault(data: dict[str, list[str]]) -> None:
    form = Form(Everything, zone=BERLIN)
    form.read(data)
    assert (form.value is None) == form.is_faulty
    assert all(fault.de and fault.en for field in form.fields.values() for fault in field.faults)
