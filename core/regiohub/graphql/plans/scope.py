"""Whose rows a statement reads: the tenant's predicate on every table, those of a plugin's own sub-selects included."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import visitors

from regiohub.db.base import Base
from regiohub.graphql.engine.need import TENANT

from .errors import Unplannable
from .facts import TENANT_VALUE, towns_value
from .sqlforms import clause

ONE = "the_tenant"
SEVERAL = "the_towns"


class Reach:
    """One town, or the towns that share with the region, as a predicate on any table."""

    def __init__(self, *, postgresql: bool, region: bool, room: str | None = None) -> None:
        self.postgresql, self.region, self.room = postgresql, region, room

    def of(self, table: Any) -> Any:
        """The predicate that confines a table (or an alias of one) to what may be read."""
        column = table.c[TENANT]
        if not self.region:
            return column == sa.bindparam(ONE, TENANT_VALUE, sa.Integer())
        if self.postgresql:
            return column == sa.any_(
                sa.cast(sa.bindparam(SEVERAL, towns_value(self.room), ARRAY(sa.Integer())), ARRAY(sa.Integer))
            )
        towns = sa.func.json_each(sa.bindparam(SEVERAL, towns_value(self.room), sa.JSON())).table_valued("value")
        return column.in_(sa.select(towns.c.value))

    def same(self, child: Any, parent: Any) -> list[Any]:
        """What makes rows of two tables belong to one town; with one town the predicates on both say it already."""
        return [child.c[TENANT] == parent.c[TENANT]] if self.region else []


class Entity:
    """A model's table under a name of its own in one statement."""

    def __init__(self, model: type[Any], number: int, reach: Reach) -> None:
        mapper = sa.inspect(model)
        if not isinstance(mapper.local_table, sa.Table) or mapper.inherits:
            raise Unplannable(f"{model.__name__} is not one plain table")
        self.model, self.reach, self.mapper = model, reach, mapper
        self.source = mapper.local_table
        self.table: Any = self.source.alias(f"t{number}")
        self.tenant = bool(self.source.info.get("tenant"))

    @property
    def confined(self) -> list[Any]:
        """The tenant's predicate, for tables that have a tenant."""
        return [self.reach.of(self.table)] if self.tenant else []

    def stand_in(self, select: Any) -> None:
        """Take the rows from a SELECT of the table's columns instead of from the table."""
        self.table = select.subquery(self.table.name)

    def column(self, attribute: str) -> Any:
        """The column behind a mapped attribute."""
        mapped = self.mapper.column_attrs.get(attribute)
        if mapped is None:
            raise Unplannable(f"{self.model.__name__}.{attribute} is Python, no column")
        return self.adapt(mapped.columns[0])

    def adapt(self, expression: Any) -> Any:
        """An expression over the model, over this alias of it, with every sub-select confined too."""
        expression = clause(expression)
        source, table = self.source, self.table

        def look(select: Any) -> None:
            froms = select.get_final_froms()
            if any(_is(element, source) for element in froms) and _stands_alone(select, source, len(froms)):
                raise Unplannable("a sub-select over its own model: give that an alias")

        def replace(element: Any, **_: Any) -> Any:
            if isinstance(element, sa.Column) and _is(element.table, source):
                return table.c[element.key]
            return table if _is(element, source) else unique(element)

        examine(expression)
        visitors.traverse(expression, {}, {"select": look})
        return confine(visitors.replacement_traverse(expression, {}, replace), self.reach)

    def apart(self, select: Any) -> Any:
        """A SELECT that stands by itself, over whatever tables, confined."""
        examine(select)
        fresh = visitors.replacement_traverse(select, {}, lambda element, **_: unique(element))
        return confine(fresh, self.reach)


def examine(expression: Any) -> None:
    """Raise `Unplannable` for what could read past the walls: text, tables of no model, names of the platform's."""
    visitors.traverse(
        expression, {}, {"alias": _refuse_ours, "column": _refuse_text, "table": _refuse_unknown}
    )  # fmt: skip


def _is(element: Any, source: sa.Table) -> bool:
    # Annotated copies are other objects that compare equal by their hash.
    return isinstance(element, sa.Table) and (element is source or hash(element) == hash(source))


def _stands_alone(select: Any, source: sa.Table, froms: int) -> bool:
    """Whether a sub-select reads the table by itself, instead of speaking of the row around it."""
    if select._correlate:
        return not any(_is(element, source) for element in select._correlate)
    return froms == 1 or not select._auto_correlate


def _refuse_ours(alias: Any) -> None:
    if _is_ours(alias):
        raise Unplannable(f"the alias name {alias.name} is the platform's")


def _refuse_text(column: Any) -> None:
    # A constant or the name of a column may be written as text; what could read rows may not.
    if getattr(column, "is_literal", False) and _READS.search(column.name):
        raise Unplannable("SQL text that reads in a declaration")


def _refuse_unknown(table: Any) -> None:
    if not isinstance(table, sa.Table):
        raise Unplannable(f"{table.name} is no table of a model")


_READS = re.compile(r"\b(select|from|join|table|with|values)\b", re.IGNORECASE)


def unique(element: Any) -> Any:
    """A parameter under a name that nothing else has; None for anything else.

    Two uses of a condition must not share a value, and none may take the name of the tenant's.
    """
    if not isinstance(element, sa.BindParameter):
        return None
    if element.callable is not None:
        raise Unplannable("a parameter that is a function")
    return sa.BindParameter(
        None, element.value, type_=element.type, unique=True, expanding=element.expanding,
        literal_execute=element.literal_execute,
    )  # fmt: skip


def confine(expression: Any, reach: Reach) -> Any:
    """Add the tenant's predicate to every sub-select of a plugin's expression."""

    def wall(select: Any) -> None:
        extra = [reach.of(table) for table in _tables(select.get_final_froms()) if not _is_ours(table)]
        select._where_criteria += tuple(extra)

    def refuse(_text: Any) -> None:
        raise Unplannable("SQL text in a declaration")

    return visitors.cloned_traverse(expression, {}, {"select": wall, "textual_select": refuse, "textclause": refuse})


def _tables(froms: Iterable[Any]) -> Iterator[Any]:
    for element in froms:
        if isinstance(element, sa.Join):
            if element.isouter or element.full:
                raise Unplannable("an outer join inside a declaration")
            yield from _tables((element.left, element.right))
        else:
            base = element
            while isinstance(base, sa.Alias):
                base = base.element
            if isinstance(base, sa.Table) and base.info.get("tenant"):
                yield element


def _is_ours(table: Any) -> bool:
    return isinstance(table, sa.Alias) and re.fullmatch(r"t\d+", table.name) is not None


@lru_cache(maxsize=2)
def _pattern(_count: int, tenants: bool) -> re.Pattern[str]:
    tables = [table for table in Base.metadata.tables.values() if table.info.get("tenant") or not tenants]
    words = "|".join(sorted((re.escape(table.name) for table in tables), key=len, reverse=True))
    schema = r"(?:\"?\w+\"?\.)?"
    named = rf"(?:FROM|JOIN|,)\s+{schema}\"?({words})\"?(?:\s+AS\s+\"?(\w+)\"?)?(?=[\s,)]|$)"
    return re.compile(named, re.IGNORECASE)


def tables_in(text: str) -> set[str]:
    """The tables that a finished statement reads, those of a plugin's own sub-selects included."""
    return {match[1] for match in _pattern(len(Base.metadata.tables), False).finditer(text)}


def unconfined(text: str) -> list[str]:
    """Tables of tenants in a finished statement that stand there without the tenant's predicate.

    The last wall before a statement is ever run, and independent of how it was made: it reads the text.
    """
    read = Counter(match[2] or match[1] for match in _pattern(len(Base.metadata.tables), True).finditer(text))
    found: list[str] = []
    for name, times in read.items():
        column = rf"(?<![\w.\"])\"?{re.escape(name)}\"?\.tenant_id\s+"
        confined = re.findall(rf"{column}(?:=\s*(?:\$\d+|\?|ANY)|IN\s*\(SELECT\s+\w+\.value)", text)
        # The same name may stand in several sub-selects: each of them needs a predicate.
        if len(confined) < times:
            found.append(name)
    return found
