"""Comma-separated values as RFC 4180 has them."""

import csv
import io
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from regiohub.api import InvalidInput, Text

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


async def write(header: Sequence[str], parts: AsyncIterable[Iterable[Sequence[object]]]) -> AsyncIterator[str]:
    """Text of the table, part by part, so that a long series never stands in memory as a whole."""
    yield _text([header])
    async for part in parts:
        if text := _text(part):
            yield text


def _text(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def moment(value: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def safe_name(name: str) -> str:
    """A file name that no header and no file system stumbles over."""
    return _UNSAFE.sub("-", name)


def read_values(body: bytes) -> Iterator[tuple[datetime, float]]:
    """Rows of a table with the columns ``time`` (RFC 3339 with offset) and ``value``; other columns are ignored.

    Raises InvalidInput that names the line.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(1, "kein UTF-8", "not UTF-8") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        yield from _values(rows)
    except csv.Error as error:
        raise _fault(rows.line_num, "keine gültige Tabelle", "not a valid table") from error


def _values(rows: "csv.DictReader[str]") -> Iterator[tuple[datetime, float]]:
    if rows.fieldnames is None or not {"time", "value"} <= set(rows.fieldnames):
        raise _fault(1, "die Spalten time und value fehlen", "the columns time and value are missing")
    for row in rows:
        try:
            time = datetime.fromisoformat(row["time"] or "")
            value = float(row["value"] or "")
        except ValueError as error:
            raise _fault(rows.line_num, "keine Zeit oder keine Zahl", "no time or no number") from error
        if time.tzinfo is None:
            raise _fault(rows.line_num, "der Zeit fehlt die Zeitzone", "the time lacks its offset")
        if value - value != 0:
            raise _fault(rows.line_num, "der Wert ist nicht endlich", "the value is not finite")
        try:
            moment = time.astimezone(UTC)
        except OverflowError as error:
            raise _fault(
                rows.line_num, "die Zeit liegt außerhalb des Kalenders", "the time is off the calendar"
            ) from error
        yield moment, value


def _fault(line: int, de: str, en: str) -> InvalidInput:
    return InvalidInput(Text(f"Zeile {line}: {de}.", f"Line {line}: {en}."), field="body", line=line)
