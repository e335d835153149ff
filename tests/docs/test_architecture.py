"""The diagrams of the architecture page are what the code imports: no arrow missing, none invented."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator

import grimp
import pytest

from .diagrams import Diagram, read
from .pages import DOCS, ROOT, blocks, words

PAGE = DOCS / "explanation" / "architecture.md"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
PACKAGES: list[str] = CONTRACTS["root_packages"]
PLUGINS = [name for name in PACKAGES if name != "regiohub"]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """What import-linter looks at."""
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)


@pytest.fixture(scope="module")
def house() -> Diagram:
    return read(_diagrams()[0])


@pytest.fixture(scope="module")
def plugin() -> Diagram:
    return read(_diagrams()[1])


def _diagrams() -> list[str]:
    return [block.text for block in blocks(PAGE) if block.language == "mermaid"]


def _imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            yield module, imported


def _room(module: str) -> str:
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] if package == "regiohub" else package.removeprefix("regiohub_")


def test_every_room_of_the_core_and_every_plugin_has_its_place(graph: grimp.ImportGraph, house: Diagram) -> None:
    core = {_room(module) for module in graph.find_children("regiohub")}
    assert set(house.groups["floor_plugins"]) == {name.removeprefix("regiohub_") for name in PLUGINS}
    assert sorted(house.nodes) == sorted([*core, *house.groups["floor_plugins"]])


def test_every_room_is_explained() -> None:
    explained = re.findall(r"^\| `(\w+)` \|", words(PAGE), re.MULTILINE)
    rooms = read(_diagrams()[0])
    assert sorted(explained) == sorted(set(rooms.nodes) - set(rooms.groups["floor_plugins"]))


def test_the_arrows_between_floors_are_the_imports(graph: grimp.ImportGraph, house: Diagram) -> None:
    floors = list(house.groups)
    floor_of = {room: floor for floor, rooms in house.groups.items() for room in rooms}
    down: set[tuple[str, str]] = set()
    up: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for importer, imported in _imports(graph):
        here, there = _room(importer), _room(imported)
        if not here or not there or floor_of[here] == floor_of[there]:
            continue
        arrow = (floor_of[here], floor_of[there])
        if floors.index(arrow[0]) < floors.index(arrow[1]):
            down.add(arrow)
        else:
            up[arrow][there].add(here)
    assert set(house.arrows) == down
    named = {
        arrow: "; ".join(f"{', '.join(sorted(rooms))} → {room}" for room, rooms in sorted(targets.items()))
        for arrow, targets in up.items()
    }
    assert house.labels == named


def test_plugins_know_nothing_of_each_other_and_one_door_to_the_core(graph: grimp.ImportGraph, house: Diagram) -> None:
    assert [arrow for arrow in house.arrows if arrow[0] == "floor_plugins"] == [("floor_plugins", "floor_authors")]
    for importer, imported in _imports(graph):
        package = importer.partition(".")[0]
        if package in PLUGINS:
            assert imported.partition(".")[0] in (package, "regiohub"), importer
            assert imported.startswith((f"{package}.", package, "regiohub.api", "regiohub.testing")), importer


def test_the_contracts_of_the_linter_name_every_room_that_is_private(graph: grimp.ImportGraph) -> None:
    (public_only,) = [one for one in CONTRACTS["contracts"] if "public API" in one["name"]]
    rooms = set(graph.find_children("regiohub")) - {"regiohub.api", "regiohub.testing"}
    assert set(public_only["forbidden_modules"]) == rooms
    assert set(public_only["source_modules"]) == set(PLUGINS)


def test_the_rooms_of_a_plugin_and_their_arrows_are_those_of_all_plugins(
    graph: grimp.ImportGraph, plugin: Diagram
) -> None:
    rooms: dict[str, set[str]] = defaultdict(set)
    arrows: dict[tuple[str, str], set[str]] = defaultdict(set)
    for package in PLUGINS:
        for child in graph.find_children(package):
            rooms[child.partition(".")[2]].add(package)
    for importer, imported in _imports(graph):
        package, _, rest = importer.partition(".")
        other, _, target = imported.partition(".")
        here, there = rest.partition(".")[0], target.partition(".")[0]
        if package in PLUGINS and package == other and here and there and here != there:
            arrows[here, there].add(package)
    assert sorted(plugin.nodes) == sorted(room for room, having in rooms.items() if having == set(PLUGINS))
    floor_of = {room: floor for floor, names in plugin.groups.items() for room in names}
    common = [arrow for arrow, having in arrows.items() if having == set(PLUGINS)]
    between = {(floor_of[here], floor_of[there]) for here, there in common}
    assert set(plugin.arrows) == {arrow for arrow in between if arrow[0] != arrow[1]}
    floors = list(plugin.groups)
    assert all(floors.index(here) < floors.index(there) for here, there in between), "nothing imports upwards"


def test_a_line_that_nobody_checks_is_refused() -> None:
    with pytest.raises(ValueError, match="a <--> b"):
        read("flowchart TB\n    a <--> b\n")
