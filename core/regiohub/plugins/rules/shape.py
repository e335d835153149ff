"""Rules about the project: its files, its names, what its metadata promise."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import cast

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from regiohub.plugins.loading import GROUP

from .reading import table
from .rule import Project, Rule
from .sources import Source, assigned, called, calls, literal, package_files, source, test_files, test_modules

LONGEST = 500
"""Lines of a module."""
PAPERS = ("README.md", "CHANGELOG.md")
_WORDS = 40
"""Least number of words in a README that tells something."""
_UNRELEASED = ("unreleased", "unveröffentlicht")
_UPPER = frozenset({"<", "<=", "==", "~=", "==="})
_LOWER = frozenset({">", ">=", "==", "~=", "==="})


def _shape(project: Project) -> Iterator[str]:
    root = project.root or project.package.parent
    metadata = table(project.pyproject, "project")
    yield from (
        f"pyproject.toml: [project] has no {name}"
        for name in ("name", "version", "description", "requires-python", "dependencies")
        if not metadata.get(name)
    )
    if not table(project.pyproject, "build-system"):
        yield "pyproject.toml: there is no [build-system], so nothing says how to build it"
    try:
        Version(str(metadata.get("version", "0")))
    except InvalidVersion:
        yield f"pyproject.toml: the version {metadata['version']} is none (PEP 440)"
    if project.package.parent != root / "src":
        yield f"{project.package.name}/ stands beside pyproject.toml, not in src/"
    if not (project.package / "plugin.py").is_file():
        yield f"{source(project, project.package).shown}/plugin.py is missing: it is where everybody looks first"
    for folder in sorted({file.path.parent for file in package_files(project, "*.py")}):
        if not (folder / "__init__.py").is_file() and folder.name != "versions":
            yield f"{source(project, folder).shown}/ has no __init__.py, so wheels and type checkers miss it"
    yield from _unreadable(project, root)


def _unreadable(project: Project, root: Path) -> Iterator[str]:
    yield from filter(None, (file.fault for file in (*package_files(project, "*.py"), *test_files(project))))
    for name in PAPERS:
        try:
            (root / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            yield f"{name}: cannot be read: {error}"


def _names(project: Project) -> Iterator[str]:
    id_, name = project.plugin.id, str(table(project.pyproject, "project").get("name", ""))
    wanted = f"regiohub-{id_.replace('_', '-')}"
    if canonicalize_name(name) != wanted:
        yield f"pyproject.toml: the distribution is called {name}, the plugin {id_}: call it {wanted}"
    if project.package.name != f"regiohub_{id_}":
        yield f"the package is called {project.package.name}, the plugin {id_}: call it regiohub_{id_}"
    for entry, value in table(project.pyproject, "project", "entry-points", GROUP).items():
        if entry != id_:
            yield f"pyproject.toml: the entry point is called {entry}, the plugin {id_}: both are the same word"
        if value != f"{project.package.name}.plugin:plugin":
            yield f"pyproject.toml: the entry point names {value}: write {project.package.name}.plugin:plugin"


def _range(project: Project) -> Iterator[str]:
    lines = [str(line) for line in table(project.pyproject, "project").get("dependencies", ())]
    found: list[Requirement] = []
    for line in lines:
        try:
            found.append(Requirement(line))
        except InvalidRequirement:
            yield f"pyproject.toml: the dependency {line!r} cannot be read"
    own = next((need for need in found if canonicalize_name(need.name) == "regiohub"), None)
    if own is None:
        yield "pyproject.toml: regiohub itself is not among the dependencies"
        return
    operators = {part.operator for part in own.specifier}
    if not operators & _LOWER:
        yield f"pyproject.toml: {own} has no lower bound"
    if not operators & _UPPER:
        yield f"pyproject.toml: {own} has no upper bound: the next series may change what the plugin relies on"
    if not own.specifier.contains(version("regiohub"), prereleases=True):
        yield f"pyproject.toml: {own} does not allow regiohub {version('regiohub')}, with which it is being checked"


def _papers(project: Project) -> Iterator[str]:
    root = project.root or project.package.parent
    readme, changelog = (root / name for name in PAPERS)
    if not readme.is_file():
        yield "README.md is missing"
    else:
        # Of bytes that are no text, `project-shape` tells.
        text = readme.read_text(encoding="utf-8", errors="replace")
        if not re.search(r"^# \S", text, re.MULTILINE):
            yield "README.md: there is no title (# …)"
        if len(text.split()) < _WORDS:
            yield f"README.md: {len(text.split())} words tell nobody what the plugin does and how to set it up"
        if table(project.pyproject, "project").get("readme") != "README.md":
            yield 'pyproject.toml: [project] does not name it: readme = "README.md"'
    if not changelog.is_file():
        yield "CHANGELOG.md is missing"
    else:
        text, release = changelog.read_text(encoding="utf-8", errors="replace"), project.plugin.version
        headings = [line for line in text.splitlines() if line.startswith("#")]
        fragments = (root / "changes").is_dir() and "changes" in text
        if not fragments and not any(release in line or _is_unreleased(line) for line in headings):
            yield f"CHANGELOG.md: no heading names the version {release}, nor what is not released yet"


def _is_unreleased(heading: str) -> bool:
    return any(word in heading.lower() for word in _UNRELEASED)


def _licence(project: Project) -> Iterator[str]:
    licence = table(project.pyproject, "project").get("license")
    if not isinstance(licence, str) or not licence:
        yield "pyproject.toml: [project] states no license"
        return
    try:
        canonicalize_license_expression(licence)
    except InvalidLicenseExpression as error:
        yield f"pyproject.toml: {error}"
    root, patterns = project.root or project.package.parent, table(project.pyproject, "project").get("license-files")
    if not isinstance(patterns, list) or not patterns:
        yield "pyproject.toml: [project] names no license-files: the text of the licence does not go along"
        return
    for pattern in map(str, cast("list[object]", patterns)):
        if not any(path.is_file() and path.stat().st_size for path in _matching(root, pattern)):
            yield f"{pattern} is missing or empty: it is to hold the text of the licence"


def _matching(root: Path, pattern: str) -> Iterator[Path]:
    """The files that a pattern of license-files names; none where it is no pattern (PEP 639: no absolute path)."""
    with contextlib.suppress(ValueError, NotImplementedError):
        yield from root.glob(pattern)


def _contract(project: Project) -> Iterator[str]:
    made = [(module, call) for module in test_modules(project) for name, call in calls(module) if name == "contract"]
    suites = {call: known for module, _ in made for call, known in _suites(module)}
    run = [(module.at(call), _text(_first(call), suites[call])) for module, call in made if call in suites]
    wanted = project.plugin.id
    if any(id_ == wanted for _, id_ in run):
        return
    if not made:
        yield "tests/: no module runs the contract suite"
    for place, id_ in run:
        found = f"of {id_!r}" if id_ else "of an id that is worked out"
        yield f"{place}: runs the contract {found}, not of {wanted!r}"
    for module, call in made:
        if call not in suites:
            yield f"{module.at(call)}: pytest does not collect this as a suite of tests"


def _suites(module: Source) -> Iterator[tuple[ast.Call, Mapping[str, ast.expr]]]:
    """The calls that pytest collects in a module: a class whose name begins with Test, in a file test_….py."""
    if not (module.path.name.startswith("test_") or module.path.stem.endswith("_test")):
        return
    known = assigned(module.tree)
    for name, value in known.items():
        if name.startswith("Test") and isinstance(value, ast.Call) and called(value) == "contract":
            yield value, known


def _first(call: ast.Call) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg == "plugin")
    return call.args[0] if call.args else next(named, None)


def _text(node: ast.expr | None, known: Mapping[str, ast.expr]) -> str | None:
    """A literal's text, or that of the literal which the module gives this name."""
    return literal(known.get(node.id) if isinstance(node, ast.Name) else node)


def _length(project: Project) -> Iterator[str]:
    for file in package_files(project, "*.py"):
        lines = len(file.path.read_bytes().splitlines())
        if lines > LONGEST:
            yield f"{file.shown}: has {lines} lines"


RULES = (
    Rule(
        "project-shape",
        "The project has the shape of every other plugin's",
        "Lay it out as `regiohub plugin new` does: pyproject.toml, src/<package>/plugin.py, tests/, and an __init__.py "
        "in each folder of code. All of it is text in UTF-8.",
        _shape,
        needs_root=True,
    ),
    Rule(
        "names-follow-id",
        "All names follow from the plugin's id",
        "For the id city_trees: distribution regiohub-city-trees, package regiohub_city_trees, entry point "
        'city_trees = "regiohub_city_trees.plugin:plugin".',
        _names,
        needs_root=True,
    ),
    Rule(
        "version-range",
        "It says with which versions of the platform it works",
        "Write a range into [project] dependencies, up to the next series: regiohub>=0.1,<0.2",
        _range,
        needs_root=True,
    ),
    Rule(
        "licence-stated",
        "The licence is stated as an SPDX expression, and its text goes along",
        'Write into [project]: license = "EUPL-1.2" (or another SPDX identifier) and license-files = ["LICENSE"], and '
        "put the whole text of the licence into the file LICENSE beside pyproject.toml.",
        _licence,
        needs_root=True,
    ),
    Rule(
        "readme-changelog",
        "README and changelog say what it does and what changed",
        "Write README.md (title, what it does, how a town sets it up) and CHANGELOG.md with a heading per version, or "
        "a folder changes/ with a fragment per change.",
        _papers,
        needs_root=True,
    ),
    Rule(
        "tests-with-contract",
        "Its tests run the platform's contract suite",
        "Write tests/test_contract.py: from regiohub.testing.contract import contract, and "
        'TestContract = contract("<id>"), with the plugin\'s own id: pytest collects what begins with Test in files '
        "test_….py.",
        _contract,
        needs_root=True,
    ),
    Rule(
        "no-module-too-long",
        "No module is longer than anybody reads",
        f"Split modules of more than {LONGEST} lines by theme; a room such as service.py becomes a package service/.",
        _length,
    ),
)
