"""The atlas's own file format: ``atlas.toml`` beside a town's file, with every field of the atlas.

Each ``[[procedures]]`` has an ``id`` and the fields of a procedure; ``[[procedures.events]]`` are its dates, each with
a ``key``; ``[[procedures.texts]]`` say it in other words; ``draft = true`` keeps it from the public. A day may be
written relative to the day of loading (``"+14d"``, ``"-3w"``), so that example content keeps its planned, running and
finished procedures. ``example = true`` at the top marks everything as example data.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from regiohub.api import DomainError, InvalidInput, t
from regiohub_atlas.models.enums import TextState, TextVariety
from regiohub_atlas.service.drafts import EventDraft, ProcedureDraft, TextDraft
from regiohub_atlas.service.validation import validated

from .provenance import Batch, Incoming, IncomingText, Refused, Source

_RELATIVE = re.compile(r"^([+-]\d{1,4})([dw])$")
_DAYS = frozenset({"starts_on", "ends_on", "day", "published_on"})


def read_procedure_file(path: Path, today: date) -> Batch:
    """Read a file; relative days count from ``today``. A faulty entry is refused alone.

    :raises InvalidInput: the file is no TOML or has no procedures.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        message = t(f"{path.name} ist nicht lesbar: {broken}.", f"{path.name} cannot be read: {broken}.")
        raise InvalidInput(message, field="content") from None
    entries = content.get("procedures")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidInput(
            t(f"{path.name} enthält keine [[procedures]].", f"{path.name} has no [[procedures]]."), field="procedures"
        )
    incoming: list[Incoming] = []
    refused: list[Refused] = []
    for number, entry in enumerate(entries):
        try:
            incoming.append(_incoming(entry, today, example=bool(content.get("example", False))))
        except DomainError as error:
            refused.append(Refused(str(entry.get("id", number))[:120], error))
    return Batch(Source(str(content.get("source", path.name))), tuple(incoming), tuple(refused))


def resolve_day(value: Any, today: date) -> Any:
    """A day as written: a date stays, ``"+14d"`` counts from today in days or weeks."""
    if not isinstance(value, str) or (found := _RELATIVE.match(value)) is None:
        return value
    number = int(found.group(1))
    return today + (timedelta(days=number) if found.group(2) == "d" else timedelta(weeks=number))


def _incoming(entry: Mapping[str, Any], today: date, *, example: bool) -> Incoming:
    values = _resolved(entry, today)
    external_id = values.pop("id", None)
    if not isinstance(external_id, str) or not external_id:
        raise InvalidInput(t("Ein Verfahren braucht eine id.", "A procedure needs an id."), field="id")
    hidden = bool(values.pop("draft", False))
    texts = tuple(_text(text) for text in values.pop("texts", []))
    events: dict[str, EventDraft] = {}
    for number, event in enumerate(values.pop("events", [])):
        key = str(event.pop("key", number + 1))
        events[key] = validated(EventDraft, event)
    draft = validated(ProcedureDraft, values)
    return Incoming(external_id, draft, events, example=example, hidden=hidden, texts=texts)


class _TextEntry(TextDraft):
    variety: TextVariety
    language: str = "de"
    state: TextState = TextState.PUBLISHED


def _text(entry: Mapping[str, Any]) -> IncomingText:
    checked = validated(_TextEntry, entry)
    values = checked.model_dump(include=set(TextDraft.model_fields), exclude_none=True)
    return IncomingText(checked.variety, checked.language, values, checked.state)


def _resolved(value: Any, today: date) -> Any:
    if isinstance(value, Mapping):
        return {
            key: resolve_day(part, today) if key in _DAYS else _resolved(part, today) for key, part in value.items()
        }
    return [_resolved(part, today) for part in value] if isinstance(value, list) else value
