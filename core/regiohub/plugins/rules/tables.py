"""Rules about tables, their migrations and the kinds of data in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from .rule import Project, Rule
from .sources import Source, assigned, literal, modules, sound, source


def _tables(project: Project) -> dict[str, type[object]]:
    return {str(getattr(model, "__tablename__", model.__name__)): model for model in project.plugin.models}


def _prefixed(project: Project) -> Iterator[str]:
    prefix, declared = f"{project.plugin.id}_", _tables(project)
    for module in modules(project):
        for node in module.nodes:
            if not isinstance(node, ast.ClassDef):
                continue
            for line in node.body:
                name = _table_name(line)
                if name is None:
                    continue
                if not name.startswith(prefix):
                    yield f"{module.at(line)}: the table {name} does not start with {prefix}"
                if name not in declared:
                    yield f"{module.at(line)}: the table {name} is not among the models of the manifest"


def _table_name(line: ast.stmt) -> str | None:
    if isinstance(line, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__tablename__" for t in line.targets):
        return literal(line.value)
    return None


def _migrations(project: Project) -> Iterator[str]:
    plugin = project.plugin
    if not plugin.models:
        return
    if not plugin.migrations:
        yield "the manifest names no folder of migrations, and the plugin has tables"
        return
    folder = _folder(plugin.migrations)
    if folder is None or not folder.is_relative_to(project.package):
        yield f"{plugin.migrations} is no folder of the package, so it does not come with the wheel"
        return
    versions = list(sound(source(project, path) for path in sorted((folder / "versions").glob("[!_]*.py"))))
    if not versions:
        yield f"{source(project, folder).shown}/versions has no migration"
        return
    yield from _chain(versions)
    written = {text for version in versions for node in version.nodes if (text := literal(node))}
    for table in _tables(project):
        if table not in written:
            yield f"no migration creates the table {table}"


def _folder(package: str) -> Path | None:
    try:
        spec = find_spec(package)
    except ModuleNotFoundError:
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _chain(versions: list[Source]) -> Iterator[str]:
    """Faults of the order: each revision follows another, one is the first, one the last."""
    follows: dict[str, tuple[Source, str | None]] = {}
    for version in versions:
        values = assigned(version.tree)
        revision, down = literal(values.get("revision")), literal(values.get("down_revision"))
        if revision is None:
            yield f"{version.shown}: has no revision"
            continue
        if revision in follows:
            yield f"{version.shown}: {follows[revision][0].shown} is revision {revision}, too"
        follows[revision] = version, down
        functions = {node.name for node in version.tree.body if isinstance(node, ast.FunctionDef)}
        yield from (f"{version.shown}: has no {name}()" for name in ("upgrade", "downgrade") if name not in functions)
    for version, down in follows.values():
        if down is not None and down not in follows:
            yield f"{version.shown}: follows {down}, which is not there"
    if len(first := [version.shown for version, down in follows.values() if down is None]) > 1:
        yield f"{len(first)} migrations claim to be the first: {', '.join(first)}"
    last = follows.keys() - {down for _, down in follows.values()}
    if len(last) > 1:
        yield f"{len(last)} migrations claim to be the last: {', '.join(sorted(last))}"


def _categories(project: Project) -> Iterator[str]:
    covered = {table for category in project.plugin.data_categories for table in category.tables}
    yield from (f"the table {table} is in no data category" for table in _tables(project) if table not in covered)


RULES = (
    Rule(
        "tables-prefixed",
        "Every table is declared and begins with the plugin's id",
        'Write __tablename__ = "<id>_…", and add the class to models=(…) of the manifest.',
        _prefixed,
    ),
    Rule(
        "migrations-shipped",
        "Migrations for every table come with the package, in one order, up and down",
        "Put them into <package>/migrations/versions, each with revision, down_revision, upgrade() and downgrade(), "
        'and name the folder in the manifest: migrations="<package>.migrations".',
        _migrations,
    ),
    Rule(
        "data-categories-cover-tables",
        "Every table belongs to a declared kind of data",
        "Name the table in tables=(…) or people=(…) of a DataCategory: export, erasure and deletion go by them.",
        _categories,
    ),
)
