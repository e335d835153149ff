"""Tenant files: what is refused, with line and reason, and what one faulty file does to the others (nothing)."""

from pathlib import Path

import pytest

from regiohub.tenancy.config import TenantConfigError, iter_lines, load_all, load_programme, load_town

GOOD = """slug = "{slug}"
name = "Stadt {slug}"
short_name = "{slug}"
ags = "12069020"
state = "BB"
centre = [12.6, 52.1]
"""


def write(folder: Path, slug: str, extra: str = "", *, base: str = GOOD) -> Path:
    path = folder / slug / "tenant.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(base.format(slug=slug) + extra, encoding="utf-8")
    return path


def programme(folder: Path, text: str, name: str = "fl") -> Path:
    path = folder / "programmes" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def fault(folder: Path, slug: str = "adorf") -> TenantConfigError:
    with pytest.raises(TenantConfigError) as caught:
        load_town(folder, slug)
    return caught.value


def test_the_smallest_file_is_a_town_without_invented_facts(tmp_path: Path) -> None:
    write(tmp_path, "adorf")
    town = load_town(tmp_path, "adorf")
    assert town.slug == "adorf"
    assert town.file.population is None
    assert town.file.phase_until is None
    assert town.measures == ()
    assert town.plugin_measures() == {}
    assert town.file.timezone == "Europe/Berlin"


def test_broken_toml_is_refused_with_line_and_column(tmp_path: Path) -> None:
    write(tmp_path, "adorf", 'motto = "offen\nphase = "x"\n')
    error = fault(tmp_path)
    assert (error.line, error.problems[0].code) == (7, "toml_syntax")
    assert error.column is not None
    assert str(error).startswith(f"{tmp_path / 'adorf' / 'tenant.toml'}:7:")


def test_toml_that_ends_too_early_is_placed_at_its_end(tmp_path: Path) -> None:
    write(tmp_path, "adorf", "hosts = [")
    assert fault(tmp_path).line == 7


def test_a_file_that_is_not_utf8_names_the_line_of_the_bad_byte(tmp_path: Path) -> None:
    path = write(tmp_path, "adorf")
    path.write_bytes(path.read_bytes() + b'motto = "gr\xfcn"\n')
    error = fault(tmp_path)
    assert (error.problems[0].code, error.line, error.column) == ("file_not_utf8", 7, 12)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "adorf")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_town(tmp_path, "adorf").slug == "adorf"


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "adorf", "#" * (1 << 20))
    assert fault(tmp_path).problems[0].code == "file_too_large"


def test_a_folder_without_a_file_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "adorf").mkdir()
    error = fault(tmp_path)
    assert error.problems[0].code == "file_unreadable"
    assert "tenant.toml" in error.problems[0].hint_de


@pytest.mark.parametrize(
    ("extra", "code", "line", "path"),
    [
        ("populaton = 5", "extra_forbidden", 7, "populaton"),
        ("population = 0", "greater_than", 7, "population"),
        ('population = "viele"', "int_parsing", 7, "population"),
        ("area_km2 = nan", "finite_number", 7, "area_km2"),
        ('timezone = "Europe/Potsdam"', "timezone_unknown", 7, "timezone"),
        ('timezone = "../../etc/passwd"', "timezone_unknown", 7, "timezone"),
        ('locale = "deutsch"', "string_pattern_mismatch", 7, "locale"),
        ('cors_origins = ["*"]', "string_pattern_mismatch", 7, "cors_origins[0]"),
        ('cors_origins = ["https://a.example/pfad"]', "string_pattern_mismatch", 7, "cors_origins[0]"),
        ('hosts = [\n "ok.example",\n "not a host"]', "string_pattern_mismatch", 7, "hosts[1]"),
        ('phase_until = "bald"', "date_from_datetime_parsing", 7, "phase_until"),
        ('enable = ["Atlas"]', "string_pattern_mismatch", 7, "enable[0]"),
        ('[branding]\nprimary = "#ffd400"', "colour_contrast", 8, "branding.primary"),
        ('[branding]\nlogo = "../logo.svg"', "logo_path", 8, "branding.logo"),
        ('[branding]\nlogo = "logo.svg"', "logo_missing", 8, "branding.logo"),
        ('[[bundles]]\nid = "b"\ntitle = "B"\n[[bundles.measures]]\nid = "m"', "missing", 10,
         "bundles[0].measures[0].title"),
        ('[[measures]]\nid = "m"\ntitle = "M"\nfrom = 2026\nto = 2024', "measure_term", 7, "measures[0]"),
        ('[[measures]]\nid = "m"\ntitle = "M"\nplugins = ["atlas"]\nlater = ["atlas"]', "measure_plugin_twice", 7,
         "measures[0]"),
        ('[[measures]]\nid = "m"\ntitle = "M"\nstatus = "laufend"', "literal_error", 10, "measures[0].status"),
        ('[[measures]]\nid = "m"\ntitle = "M"\n[[measures]]\nid = "m"\ntitle = "N"', "measure_id_twice", 11,
         "measures[1].id"),
        ("[plugins]\natlas = 3", "dict_type", 8, "plugins.atlas"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_line_path_and_code(
    tmp_path: Path, extra: str, code: str, line: int, path: str
) -> None:
    write(tmp_path, "adorf", extra + "\n")
    problem = fault(tmp_path).problems[0]
    assert (problem.code, problem.line, problem.path) == (code, line, path)
    assert problem.de != problem.en
    assert problem.hint_de
    assert problem.hint_en


@pytest.mark.parametrize(
    ("base", "code", "line"),
    [
        (GOOD.replace("[12.6, 52.1]", "[52.1, 12.6]"), "centre_swapped", 6),
        (GOOD.replace("[12.6, 52.1]", "[12.6, 520.1]"), "less_than_equal", 6),
        (GOOD.replace('"BB"', '"BE"'), "ags_state", None),
        (GOOD.replace('"BB"', '"Brandenburg"'), "literal_error", 5),
        (GOOD.replace('"12069020"', "12069020"), "string_type", 4),
        (GOOD.replace('"{slug}"\nname', '"console"\nname'), "slug_reserved", 1),
        (GOOD.replace('"{slug}"\nname', '"A Dorf"\nname'), "string_pattern_mismatch", 1),
        (GOOD.replace('"{slug}"\nname', '"bdorf"\nname'), "slug_folder", 1),
    ],
)
def test_a_wrong_basic_fact_is_refused(tmp_path: Path, base: str, code: str, line: int | None) -> None:
    write(tmp_path, "adorf", base=base)
    problem = fault(tmp_path).problems[0]
    assert (problem.code, problem.line) == (code, line)


@pytest.mark.parametrize(
    ("extra", "meant"),
    [
        ('moto = "x"', "motto"),
        ('[branding]\nprimery = "#000000"', "primary"),
        ('[[bundles]]\nid = "b"\ntitle = "B"\n[[bundles.measures]]\nid = "m"\ntitle = "M"\nplugin = []', "plugins"),
        ('[[sharing]]\nreader = "region"\nlegal_bases = "x"', "legal_basis"),
    ],
)
def test_a_misspelt_key_is_told_with_the_one_that_was_meant(tmp_path: Path, extra: str, meant: str) -> None:
    write(tmp_path, "adorf", extra + "\n")
    unknown = [problem for problem in fault(tmp_path).problems if problem.code == "extra_forbidden"]
    assert [problem.hint_en for problem in unknown] == [f"You probably mean: {meant}."]


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    write(tmp_path, "adorf", 'population = -1\nmoto = "x"\n[branding]\nprimary = "red"\n')
    assert [problem.line for problem in fault(tmp_path).problems] == [7, 8, 10]


def test_one_broken_file_never_hides_the_others(tmp_path: Path) -> None:
    write(tmp_path, "adorf", "population = 'x\n")
    write(tmp_path, "bdorf", "population = -3\n")
    write(tmp_path, "cdorf")
    (tmp_path / "README.md").write_text("no town")
    towns, errors = load_all(tmp_path)
    assert [town.slug for town in towns] == ["cdorf"]
    assert [error.slug for error in errors] == ["adorf", "bdorf"]
    assert len(list(iter_lines(errors, "de"))) == 2


def test_a_host_name_claimed_twice_serves_nobody_and_both_towns_stay(tmp_path: Path) -> None:
    write(tmp_path, "adorf", 'hosts = ["Stadt.example", "a.example"]\n')
    write(tmp_path, "bdorf", 'hosts = ["stadt.example"]\n')
    towns, errors = load_all(tmp_path)
    assert [(town.slug, town.hosts) for town in towns] == [("adorf", ("a.example",)), ("bdorf", ())]
    assert [(error.slug, error.problems[0].code, error.line) for error in errors] == [
        ("adorf", "host_disputed", 7),
        ("bdorf", "host_disputed", 7),
    ]


PROGRAMME = """id = "fl"
title = "Fläming"
[[measures]]
id = "alle"
title = "Für alle"
plugins = ["booking"]
[[measures]]
id = "nur-a"
title = "Nur A"
only = ["adorf"]
plugins = ["atlas"]
"""


def test_a_programme_gives_each_town_its_own_measures_with_its_id(tmp_path: Path) -> None:
    programme(tmp_path, PROGRAMME)
    write(tmp_path, "adorf", 'programme = "fl"\n[[measures]]\nid = "eigen"\ntitle = "Eigen"\n')
    write(tmp_path, "bdorf", 'programme = "fl"\n')
    towns, errors = load_all(tmp_path)
    assert errors == []
    found = [[(measure.entry.id, measure.programme_id) for measure in town.measures] for town in towns]
    assert found == [[("alle", "fl"), ("nur-a", "fl"), ("eigen", None)], [("alle", "fl")]]
    assert towns[0].programme_title == "Fläming"
    assert towns[0].plugin_measures() == {"atlas": ("nur-a",), "booking": ("alle",)}


def test_a_programme_named_in_words_needs_no_file(tmp_path: Path) -> None:
    write(tmp_path, "adorf", 'programme = "Modellprojekte Smart Cities"\n')
    town = load_town(tmp_path, "adorf")
    assert (town.programme, town.programme_title) == (None, "Modellprojekte Smart Cities")


def test_a_misspelt_programme_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    programme(tmp_path, PROGRAMME.replace('"fl"', '"hoher-flaeming"'), "hoher-flaeming")
    write(tmp_path, "adorf", 'programme = "hoher-flaming"\n')
    problem = fault(tmp_path).problems[0]
    assert (problem.code, problem.line) == ("programme_unknown", 7)
    assert "hoher-flaeming" in problem.hint_en


def test_a_faulty_programme_costs_only_the_towns_that_carry_it(tmp_path: Path) -> None:
    path = programme(tmp_path, PROGRAMME + "nonsense\n")
    write(tmp_path, "adorf", 'programme = "fl"\n')
    write(tmp_path, "bdorf", 'programme = "fl"\n')
    write(tmp_path, "cdorf")
    towns, errors = load_all(tmp_path)
    assert [town.slug for town in towns] == ["cdorf"]
    assert [(error.file, error.line) for error in errors] == [(path, 12)]


def test_a_programme_that_no_town_carries_is_checked_too(tmp_path: Path) -> None:
    programme(tmp_path, PROGRAMME, "anders")
    _, errors = load_all(tmp_path)
    assert [problem.code for problem in errors[0].problems] == ["programme_file_name", "only_unknown_town"]
    with pytest.raises(TenantConfigError):
        load_programme(tmp_path, "anders")


def test_a_town_may_not_reuse_the_id_of_a_shared_measure(tmp_path: Path) -> None:
    programme(tmp_path, PROGRAMME)
    write(tmp_path, "adorf", 'programme = "fl"\n[[measures]]\nid = "alle"\ntitle = "Doppelt"\n')
    problem = fault(tmp_path).problems[0]
    assert (problem.code, problem.line) == ("measure_id_taken", 9)


SHARING = """[[sharing]]
dataset = "atlas.procedures"
reader = "{reader}"
purpose = "p"
legal_basis = "l"
from = 2026-01-01
until = {until}
"""


@pytest.mark.parametrize(
    ("reader", "until", "code", "line"),
    [
        ("adorf", "2026-12-31", "reader_self", 9),
        ("bdrof", "2026-12-31", "reader_unknown", 9),
        ("region", "2025-12-31", "sharing_term", 7),
    ],
)
def test_a_consent_without_sense_is_refused(tmp_path: Path, reader: str, until: str, code: str, line: int) -> None:
    write(tmp_path, "bdorf")
    write(tmp_path, "adorf", SHARING.format(reader=reader, until=until))
    problem = fault(tmp_path).problems[0]
    assert (problem.code, problem.line) == (code, line)


def test_a_consent_may_name_a_town_whose_own_file_is_broken(tmp_path: Path) -> None:
    write(tmp_path, "bdorf", "broken")
    write(tmp_path, "adorf", SHARING.format(reader="bdorf", until="2026-12-31"))
    assert load_town(tmp_path, "adorf").file.sharing[0].reader == "bdorf"


def test_enabling_a_plugin_directly_needs_no_measure(tmp_path: Path) -> None:
    write(tmp_path, "adorf", 'enable = ["atlas"]\n[plugins.atlas]\nradius = 3\n')
    town = load_town(tmp_path, "adorf")
    assert town.plugin_measures() == {"atlas": ()}
    assert town.file.plugins["atlas"] == {"radius": 3}
