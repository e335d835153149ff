"""What an archive states about a town and its programme: somebody else's words, each judged before any is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, cast

import orjson
from pydantic import AwareDatetime, Field, ValidationError

from regiohub.errors import InvalidInput
from regiohub.tenancy.config import ProgrammeFile, TenantFile
from regiohub.tenancy.config.measures import FileModel, Key, Text
from regiohub.tenancy.config.messages import wording_for
from regiohub.tenancy.config.models import HostName, Latitude, Longitude, Origin
from regiohub.tenancy.models import ProgrammeRow, TenantRow
from regiohub.texts import t

from .manifest import PROGRAMME, TOWN

M = TypeVar("M", bound=FileModel)

_MOST = 200
"""Entries of a list: far more than any town has, and too few to make its pages long."""
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that PostgreSQL or XML cannot hold."""
Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]


class StatedTown(TenantFile):
    """The town's row: what its ``tenant.toml`` may say, in the columns of the table, and with bounds.

    Parts of the file that have tables of their own are no columns; `facts_of_town` refuses them by their names.
    """

    centre: tuple[Longitude, Latitude] = (0.0, 0.0)  # the row has two columns for it
    lon: Longitude
    lat: Latitude
    population: int | None = Field(gt=0, le=10**9)
    programme_id: Key | None
    innovation_fields: tuple[Text, ...] = Field(max_length=_MOST)
    hosts: tuple[HostName, ...] = Field(max_length=_MOST)
    cors_origins: tuple[Origin, ...] = Field(max_length=_MOST)
    created_at: Moment
    updated_at: Moment


def facts_of_town(content: bytes, slug: str) -> dict[str, Any]:
    """Values of the columns of a town's row, from an archive, under the name that it is to have here.

    :raises InvalidInput: a fact is missing, unknown or wrong; the message says which, and what is wanted.
    """
    names = {column.name for column in TenantRow.__table__.columns} - {"id"}
    return _facts(StatedTown, TOWN, content, names, {"slug": slug})


def facts_of_programme(content: bytes, id: str | None) -> dict[str, Any]:
    """Values of the columns of a programme's row; `id` is the programme that the town says it belongs to.

    :raises InvalidInput: as for a town; or it is another programme.
    """
    names = {column.name for column in ProgrammeRow.__table__.columns}
    facts = _facts(ProgrammeFile, PROGRAMME, content, names, {})
    if facts["id"] != id:
        raise _wrong(PROGRAMME, "id", f"verlangt ist {id}", f"required is {id}")
    return facts


def _facts(model: type[M], member: str, content: bytes, names: set[str], ours: dict[str, str]) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _wrong(member, "", f"kein JSON ({error})", f"no JSON ({error})") from None
    if not isinstance(found, dict):
        raise _wrong(member, "", "verlangt ist ein Objekt", "an object is required")
    row = cast("dict[str, Any]", found) | ours
    for name in sorted(row.keys() ^ names):
        fault = ("fehlt", "is missing") if name in names else ("gibt es hier nicht", "is unknown here")
        raise _wrong(member, name, *fault)
    try:
        checked = model.model_validate_json(orjson.dumps(row), strict=True).model_dump()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        _, words = wording_for(first["type"], first["msg"], first.get("ctx", {}), first["input"])
        where = ".".join(map(str, first["loc"]))
        raise _wrong(member, where, f"{words.de} {words.hint_de}", f"{words.en} {words.hint_en}") from None
    for name in sorted(names):
        if any(map(_UNWRITABLE.search, _texts(checked[name]))):
            raise _wrong(member, name, "darf keine Steuerzeichen enthalten", "must not hold control characters")
    # Columns of documents take lists.
    return {name: list(v) if isinstance(v, tuple) else v for name in names for v in (checked[name],)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in cast("dict[Any, Any]", value).values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in cast("list[Any]", value):
            yield from _texts(part)


def _wrong(member: str, fact: str, de: str, en: str) -> InvalidInput:
    where = f"{member}: {fact}" if fact else member
    return InvalidInput(
        t(
            f"{where}: {de.rstrip('.')}. Nichts wurde übernommen.",
            f"{where}: {en.rstrip('.')}. Nothing was imported.",
        ),
        field="file",
    )
