"""The four towns in ``tenants/`` are complete and say nothing that their sources do not."""

from pathlib import Path

import pytest

from regiohub.tenancy.config import LoadResult, Town, load_all

FOLDER = Path(__file__).parents[2] / "tenants"


@pytest.fixture(scope="module")
def result() -> LoadResult:
    return load_all(FOLDER)


@pytest.fixture(scope="module")
def towns(result: LoadResult) -> dict[str, Town]:
    return {town.slug: town for town in result.towns}


def test_the_four_towns_load_without_a_fault(result: LoadResult) -> None:
    assert result.errors == []
    assert {"bad-belzig", "berlin", "potsdam", "wiesenburg"} <= {town.slug for town in result.towns}


@pytest.mark.parametrize(("slug", "count"), [("potsdam", 19), ("bad-belzig", 7), ("wiesenburg", 7), ("berlin", 4)])
def test_each_town_has_all_its_measures_with_german_and_english_summaries(
    towns: dict[str, Town], slug: str, count: int
) -> None:
    measures = towns[slug].measures
    assert len(measures) == count
    for measure in measures:
        assert measure.entry.summary, measure.entry.id
        assert measure.entry.summary_en, measure.entry.id
        assert measure.entry.title_en, measure.entry.id


def test_both_towns_of_the_hoher_flaeming_carry_one_programme_and_each_its_own_measure(towns: dict[str, Town]) -> None:
    belzig = {measure.entry.id for measure in towns["bad-belzig"].measures}
    wiesenburg = {measure.entry.id for measure in towns["wiesenburg"].measures}
    assert belzig - wiesenburg == {"vitale-innenstadt"}
    assert wiesenburg - belzig == {"smart-village-campus"}
    assert {measure.programme_id for measure in towns["wiesenburg"].measures} == {"hoher-flaeming"}


def test_facts_that_are_not_public_stay_empty(towns: dict[str, Town]) -> None:
    for slug in ("bad-belzig", "wiesenburg"):
        assert towns[slug].file.population is None
        assert towns[slug].file.area_km2 is None
        assert all(measure.entry.lead is None for measure in towns[slug].measures)


def test_known_facts_are_there(towns: dict[str, Town]) -> None:
    potsdam = towns["potsdam"].file
    assert (potsdam.population, potsdam.area_km2, potsdam.motto) == (187310, 187.68, "Innovativ. Grün. Gerecht.")
    lorawan = next(m.entry for m in towns["potsdam"].measures if m.entry.id == "lorawan-sensorik")
    assert (lorawan.lead, lorawan.from_year, lorawan.to_year) == ("452 Bereich Umwelt und Natur", 2024, 2026)
    assert towns["berlin"].file.innovation_fields == ("Sicherheit", "Wasser")


def test_every_consent_says_that_its_legal_basis_is_an_example(towns: dict[str, Town]) -> None:
    consents = [entry for town in towns.values() for entry in town.file.sharing]
    assert len(consents) >= 10
    assert all("Beispielangabe" in entry.legal_basis for entry in consents)


def test_a_town_shares_only_what_it_switches_on(towns: dict[str, Town]) -> None:
    for town in towns.values():
        plugins = set(town.plugin_measures())
        assert {entry.dataset.split(".")[0] for entry in town.file.sharing} <= plugins
