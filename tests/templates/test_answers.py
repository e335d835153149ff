"""Answers of authors: what cannot be used is refused in words, everything else survives as it was given."""

import ast
import re
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.console.app import CORE_WORDS
from regiohub.graphql.compose.schemas import Schemas
from regiohub.graphql.core.parts import TOWN_PART
from regiohub.graphql.core.queries import TownQuery
from regiohub.plugins.host import PluginHost
from regiohub.plugins.scaffold import ScaffoldError, template_folder
from regiohub.web.routing import CORE_PREFIXES

from .project import EVERYTHING, OFF, answers_for, make


def _names() -> Any:
    """The template's filters, which stand beside it and in no package."""
    spec = spec_from_file_location("names_of_the_template", template_folder() / "local_extensions.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


names = _names()
ODD = [
    'Das "Beste" für Kinder',
    "Straße's \\n Ende\\",
    "{{ cookiecutter.id }} {% raw %} {# x #} {a} }}",
    '"""; import os; """',
    "'); raise SystemExit  # ☃ 𝄞",
    "Ä" * 200,
    " ".join(["Wort"] * 40),
    "<b>&amp;</b> | `x` *y* [z](w)",
]


def titles_of(project: Path) -> list[str]:
    """The texts of the plugin's manifest, in their order."""
    tree = ast.parse((project / "src" / "regiohub_places" / "plugin.py").read_text(encoding="utf-8"))
    calls: list[Any] = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "t"]
    return [ast.literal_eval(argument) for call in texts[:2] for argument in call.args]


@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_come_out_as_they_were_given(tmp_path: Path, odd: str) -> None:
    answers = dict.fromkeys(("title", "title_en", "description", "description_en", "author", "measure"), odd)
    project = make(tmp_path, OFF | {"table": "yes", "portal": "yes"} | answers)
    assert titles_of(project) == [odd] * 4
    metadata = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (metadata["description"], metadata["authors"]) == (odd, [{"name": odd}])
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert tomllib.loads(readme.partition("```toml")[2].partition("```")[0])["measures"][0]["title"] == odd
    for module in project.rglob("*.py"):
        compile(module.read_text(encoding="utf-8"), module, "exec")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=300))
def test_every_text_is_the_same_in_python_and_in_toml(text: str) -> None:
    assert ast.literal_eval(f"({names.python(text)})") == text
    assert tomllib.loads(f"x = {names.quoted(text)}")["x"] == text
    assert "\n" not in names.markdown(text) or "\n" in text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"id": "Places"}, ["id: 'Places' cannot be an id", "a-z and 0-9"]),
        ({"id": "x"}, ["id: 'x' cannot be an id"]),
        ({"id": "öffnung"}, ["id: 'öffnung' cannot be an id"]),
        ({"id": "two words"}, ["cannot be an id"]),
        ({"id": "a" * 41}, ["2 to 40 characters"]),
        ({"id": "class"}, ["id: 'class' is a word of Python", "class_register"]),
        ({"id": "match"}, ["a word of Python"]),
        ({"id": "graphql"}, ["id: 'graphql' belongs to the platform itself", "graphql_register"]),
        ({"id": "booking"}, ["id: 'booking' is taken by the installed plugin regiohub-booking"]),
        ({"thing": "Public Place"}, ["thing: 'Public Place' cannot be the name of an entry"]),
        ({"thing": "import"}, ["thing: 'import' is a word of Python"]),
        ({"thing": "entry"}, ["thing: 'entry' means something else", "city_entry"]),
        ({"title": " "}, ["title: there is nothing in it"]),
        ({"title_en": "x" * 201}, ["title_en: it has 201 characters. Write 200 at most."]),
        ({"description": "a\nb"}, ["description: it holds a line break"]),
        ({"title": "Grün {1}", "title_en": "Green"}, ["title: {1} stands in one language only"]),
        ({"author": "a\x00b"}, ["author: it holds a line break or a control character"]),
        ({"table": "no", "importer": "yes"}, ["importer: an import needs somewhere to put what it reads"]),
        ({"id": "1", "title": ""}, ["id: '1'", "title: there is nothing"]),
        ({"licence": "proprietary"}, ["licence", "EUPL-1.2, MIT, Apache-2.0, AGPL-3.0-or-later"]),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(
    tmp_path: Path, answers: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(ScaffoldError) as refused:
        make(tmp_path / "out", answers)
    assert [word for word in words if word not in str(refused.value)] == []
    assert not any((tmp_path / "out").glob("*")), "nothing is left behind"


def refused_words(name: str) -> set[str]:
    """The words of one of the hook's lists."""
    hook = (template_folder() / "hooks" / "pre_gen_project.py").read_text(encoding="utf-8")
    listed = hook.partition(f"{name} = frozenset(")[2].partition(".split()")[0]
    return set(" ".join(line.strip().strip('"') for line in listed.splitlines() if '"' in line).split())


def test_words_of_the_platform_are_refused_as_ids() -> None:
    query: Any = TownQuery
    fields = {field.python_name for field in query.__strawberry_definition__.fields}
    addresses = {word for word in CORE_PREFIXES if word.isidentifier()}
    assert (CORE_WORDS | addresses | fields) - refused_words("RESERVED") == set()


def test_names_of_the_code_and_of_the_platforms_types_are_refused_for_entries(tmp_path: Path) -> None:
    found: set[str] = set(Schemas(PluginHost([]), "register_graphql", TOWN_PART).of(frozenset()).schema.type_map)
    for module in make(tmp_path, answers_for(*EVERYTHING)).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                found |= {name.name for name in node.names}
    words = {name.lower() for name in found if re.fullmatch("[A-Z][a-z]+", name)}
    assert words - refused_words("TAKEN") == set()


@pytest.mark.parametrize(
    ("many", "one"),
    [("benches", "bench"), ("libraries", "library"), ("hotspots", "hotspot"), ("boxes", "box"), ("trees", "tree"),
     ("wifi", "wifi_entry"), ("bus", "bus_entry"), ("drinking_fountains", "drinking_fountain")],
)  # fmt: skip
def test_the_name_of_an_entry_follows_from_the_id(many: str, one: str) -> None:
    assert names.singular(many) == one
    if one.endswith("_entry"):
        assert names.plural(one) == one.removesuffix("y") + "ies"
    else:
        assert names.plural(one) == many


def test_names_are_written_as_python_and_graphql_write_them() -> None:
    assert (names.pascal("public_place"), names.camel("public_place")) == ("PublicPlace", "publicPlace")
