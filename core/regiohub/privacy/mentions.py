"""Where else an address of a person stands in a town: in words that nothing has declared as holding people.

Such words are named by table and column and left as they are: only people can say what a note has to keep.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa
import structlog
from sqlalchemy import RowMapping
from sqlalchemy.exc import DBAPIError

from regiohub.archive.tables import CORE, EXEMPT, models_by_owner
from regiohub.db.base import TenantTable
from regiohub.plugins.subjects import Subject
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text, t

from .reports import CORE_TITLE, Part
from .tables import attribute_of
from .traces import is_about, needle_of, texts_in

log = structlog.get_logger(__name__)

_LEFT_OUT: Final = frozenset({"core_audit", "core_outbox", "core_plugin_setting", *EXEMPT})
"""The log knows pseudonyms only; the other two are searched as the platform's own share, see `shares`."""
_TOWN: Final = ("name", "short_name", "motto", "office", "client", "branding")
_ANY: Final = re.compile(r"[^\s<>()\[\]\",;:]+@[\w-]+(?:\.[\w-]+)+")

LOOK: Final = t(
    "Bitte hier nachsehen: In diesen Feldern steht eine E-Mail-Adresse der Person außerdem in einem Text. Er gehört "
    "nicht zu dem, was hier einzeln aufgeführt ist, und eine Löschung ändert ihn nicht: {places}.",
    "Please look here: in these fields an e-mail address of the person stands in a text, too. It is no part of what is "
    "listed here one by one, and an erasure does not change it: {places}.",
)
UNSEARCHED: Final = t(
    "In diesen Tabellen konnte nicht nach der E-Mail-Adresse gesucht werden. Bitte den Betrieb verständigen: {tables}.",
    "These tables could not be searched for the e-mail address. Please tell the operator: {tables}.",
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A field with an address, in so many rows; `owner` is a plugin's title or the platform's."""

    owner: Text
    table: str
    column: str
    rows: int

    @property
    def words(self) -> Text:
        """As a report names it."""
        place = f"{self.table}.{self.column}"
        return t(f"{self.owner.de} – {place} ({self.rows}×)", f"{self.owner.en} – {place} ({self.rows}×)")


async def mentions(ctx: Ctx, subject: Subject, handed: Sequence[Part] = ()) -> list[Text]:
    """Fields with one of the person's addresses, as remarks; one statement per table, and nothing without addresses.

    `handed`: records that an export contains anyway; what stands in them is not named again.
    """
    needles = sorted({needle_of(address) for address in subject.emails})
    if not needles:
        return []
    person, known = Subject(None, subject.emails), _shown(handed)
    left_out = _LEFT_OUT | {part.source for part in handed if part.plugin == CORE and part.records}
    found = [
        Mention(CORE_TITLE, "tenant", name, 1)
        for name in _TOWN
        if is_about(getattr(ctx.tenant, name), person, in_words=True)
    ]
    unsearched: list[str] = []
    for owner, models in models_by_owner(ctx.platform.plugins).items():
        title = CORE_TITLE if owner == CORE else ctx.platform.plugins.healthy[owner].title
        for model in sorted(models, key=lambda one: one.__tablename__):
            table = str(model.__tablename__)
            if table in left_out:
                continue
            try:
                # One table too large for the time of a statement does not stop an erasure.
                async with ctx.session.begin_nested():
                    counts = await _count(ctx, model, needles, person, known)
            except DBAPIError:
                log.exception("search for mentions failed", table=table)
                unsearched.append(table)
            else:
                found += [Mention(title, table, column, rows) for column, rows in counts.items()]
    return [*_remark(LOOK, found), *([UNSEARCHED.format(tables=", ".join(unsearched))] if unsearched else [])]


async def addresses_in(ctx: Ctx, but: Mapping[str, Collection[str]]) -> set[str]:
    """All addresses in texts of the town, in lower case, without the columns `but` of tables: those are known."""
    found: set[str] = set()
    for models in models_by_owner(ctx.platform.plugins).values():
        for model in models:
            table = str(model.__tablename__)
            if table in _LEFT_OUT:
                continue
            names, rows = await _rows(ctx, model, ["@"], but.get(table, ()))
            texts = (text for row in rows for name in names for _, text in texts_in(row[name]))
            found = found.union(*(addresses_of(text) for text in texts))
    return found


def addresses_of(text: str) -> set[str]:
    """The addresses in a text, in lower case."""
    return {address.lower() for address in _ANY.findall(text)}


async def _count(
    ctx: Ctx, model: type[TenantTable], needles: Sequence[str], person: Subject, known: Mapping[str, set[str]]
) -> dict[str, int]:
    """In how many rows each text column holds one of the addresses."""
    names, rows = await _rows(ctx, model, needles)
    counts = dict.fromkeys(names, 0)
    # The database narrows the search; whether it is the person's address, the values themselves say.
    for row in rows:
        listed = known.get(str(row.get("id")), set[str]())
        for name in names:
            counts[name] += name not in listed and is_about(row[name], person, in_words=True)
    return {name: number for name, number in counts.items() if number}


async def _rows(
    ctx: Ctx, model: type[TenantTable], needles: Sequence[str], but: Collection[str] = ()
) -> tuple[Sequence[str], Sequence[RowMapping]]:
    """The text columns of a table, and its rows with one of the needles in one of them, with their ids."""
    table = cast("sa.Table", model.__table__)
    columns = [column for column in table.columns if _holds_text(column) and column.name not in but]
    if not columns:
        return (), ()
    shown = {column.name: attribute_of(model, column.name) for column in columns}
    texts = [sa.func.lower(sa.cast(shown[one.name], sa.Text) if _is_json(one) else shown[one.name]) for one in columns]
    like = [text.contains(needle, autoescape=True) for text in texts for needle in needles]
    wanted: list[Any] = [one.label(name) for name, one in shown.items()]
    if "id" in table.columns:
        wanted.append(attribute_of(model, "id").label("id"))
    found = await ctx.session.execute(sa.select(*wanted).where(sa.or_(*like)))
    return list(shown), found.mappings().all()


def _shown(parts: Iterable[Part]) -> dict[str, set[str]]:
    """The fields that an export shows, by the id of their row."""
    found: dict[str, set[str]] = {}
    for part in parts:
        for record in part.records:
            if "id" in record:
                found.setdefault(str(record["id"]), set()).update(record)
    return found


def _remark(words: Text, found: Sequence[Mention]) -> Iterator[Text]:
    if found:
        said = [one.words for one in found]
        de, en = "; ".join(one.de for one in said), "; ".join(one.en for one in said)
        yield t(words.de.format(places=de), words.en.format(places=en))


def _holds_text(column: sa.Column[Any]) -> bool:
    return _is_json(column) or (isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum))


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)
