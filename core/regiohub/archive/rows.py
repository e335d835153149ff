"""The rows of one table in one town: read as lines in the order of their keys, and made from lines again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
import sqlalchemy as sa

from regiohub.db.base import TenantTable
from regiohub.db.session import TenantSession

from .canonical import Change, decoder_of, encoder_of, kind_of, line
from .shapes import checker_of

TENANT = "tenant_id"
_CHUNK = 1000


class LineRefused(ValueError):
    """A line is no row of its table; the message says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table in an archive."""

    name: str
    kind: str
    nullable: bool


class Rows:
    """How the rows of a model's table are written and read. The town's number is no part of them."""

    def __init__(self, model: type[TenantTable]) -> None:
        self.model = model
        self.table = cast("sa.Table", model.__table__)
        # What the database computes itself is no content.
        stored = [column for column in self.table.columns if column.name != TENANT and column.computed is None]
        self.columns = [Column(c.name, kind_of(c.type), bool(c.nullable)) for c in stored]
        self.key = [column.name for column in self.table.primary_key.columns if column.name != TENANT]
        self._encoders: list[tuple[str, Change | None]] = [(c.name, encoder_of(c.type)) for c in stored]
        self._decoders: dict[str, Change | None] = {c.name: decoder_of(c.type) for c in stored}
        self._checkers = {c.name: checker_of(model, c) for c in stored}

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.table.name

    async def chunks(
        self, session: TenantSession, mine: sa.ColumnElement[bool] | None = None
    ) -> AsyncIterator[list[bytes]]:
        """All rows of the session's town (or those that `mine` chooses) as lines, in chunks, in the order of the key.

        :raises TypeError: a value has no form in JSON.
        """
        mapped = {column.name: _attribute(self.model, column) for column in self.table.columns}
        statement = sa.select(*(mapped[name].label(name) for name, _ in self._encoders))
        statement = statement.order_by(*(self._ordering(session, mapped[name]) for name in self.key))
        statement = statement if mine is None else statement.where(mine)
        found = await session.stream(statement.execution_options(yield_per=_CHUNK))
        async for part in found.partitions(_CHUNK):
            yield [self._line(row) for row in part]

    def values(self, text: bytes) -> dict[str, Any]:
        """The values of a line by column, as the table takes them.

        :raises LineRefused: it is no row of this table.
        """
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise LineRefused(f"no JSON: {error}") from None
        if not isinstance(found, dict) or found.keys() != self._decoders.keys():
            raise LineRefused("other columns than the table has")
        row = cast("dict[str, Any]", found)
        for name, decode in self._decoders.items():
            value = row[name]
            if fault := self._checkers[name](value):
                raise LineRefused(f"{name}: {fault}")
            if decode is not None and value is not None:
                try:
                    row[name] = decode(value)
                except (ValueError, TypeError, ArithmeticError):
                    raise LineRefused(f"{name}: {str(value)[:60]!r} is no value of this column") from None
        return row

    def _line(self, row: Sequence[Any]) -> bytes:
        values: dict[str, Any] = {}
        for (name, encode), value in zip(self._encoders, row, strict=True):
            try:
                values[name] = value if value is None or encode is None else encode(value)
            except TypeError as error:
                raise TypeError(f"{self.name}.{name}: {error}") from None
        try:
            return line(values)
        except TypeError as error:
            raise TypeError(f"{self.name}: {error}") from None

    def _ordering(self, session: TenantSession, attribute: Any) -> Any:
        """Text in the order of its code points, as SQLite has it: a database's language would order it otherwise."""
        text = isinstance(attribute.type, (sa.String, sa.Text, sa.Enum))
        return sa.collate(attribute, "C") if text and session.dialect == "postgresql" else attribute


def _attribute(model: type[Any], column: sa.Column[Any]) -> Any:
    return getattr(model, sa.inspect(model).get_property_by_column(column).key)
