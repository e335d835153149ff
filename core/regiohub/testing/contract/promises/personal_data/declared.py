"""What the manifest says about data on people."""

from __future__ import annotations

from collections.abc import Iterator

from regiohub.plugins.data import DataCategory, PersonalTable
from regiohub.plugins.manifest import Plugin
from regiohub.testing.contract.case import Case

from .people import ADDRESS, ALSO, IDENTIFIER, Tables

HOOK = "register_subject_data"


async def retention_faults(case: Case) -> list[str]:
    """Faults of all categories, then columns that look personal and that nothing covers."""
    plugin = case.plugin
    return [*(fault for one in plugin.data_categories for fault in _of_category(plugin, one)), *_uncovered(plugin)]


def _of_category(plugin: Plugin, category: DataCategory) -> Iterator[str]:
    if not category.personal:
        return
    start = f"data category {category.id}"
    if category.retention is None and category.kept is None:
        yield f"{start} says neither for how long it is kept (retention) nor in words until when (kept)"
    if not category.people and HOOK not in plugin.hooks:
        yield f"{start} gives no way to find a person: it has no people, and the plugin no {HOOK}"
    expiring = {one.table for one in category.expiries}
    for one in category.people:
        counted = one.counted_from or one.belongs_to or one.table in expiring
        if category.retention is not None and one.keep is None and not counted:
            yield f"table {one.table}: nothing says from when the retention of {category.id} counts (counted_from)"


def _uncovered(plugin: Plugin) -> Iterator[str]:
    tables = Tables(plugin)
    personal = {name for category in plugin.data_categories if category.personal for name in category.tables}
    for column in tables.columns():
        if column.table not in personal:
            yield f"table {column.table}: column {column.name} looks personal, and no personal category names the table"
        elif not column.declared and HOOK not in plugin.hooks:
            yield f"table {column.table}: column {column.name} looks like a person, and nothing searches it"
    for name, one in tables.declared.items():
        if one.emptied and name in tables.models:
            yield from _left_over(tables, one)


def _left_over(tables: Tables, one: PersonalTable) -> Iterator[str]:
    for column in tables.table(one.table).columns:
        looks = any(pattern.match(column.name) for pattern in (IDENTIFIER, ADDRESS, ALSO))
        if looks and not column.foreign_keys and column.name not in one.emptied:
            yield f"table {one.table}: column {column.name} stays when the person is erased; name it in clear"
