"""What is told: everything that is held on a person, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from regiohub.plugins.subjects import Subject
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Text

FORMAT = "regiohub-subject-export"
FORMAT_VERSION = 1
CORE = "core"
CORE_TITLE = Text("Plattform", "Platform")


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one category from one source. `plugin` is "core" for the platform's own.

    `source` is the table, or in words where the records come from; values of records are JSON-able.
    """

    plugin: str
    plugin_title: Text
    category: str
    title: Text
    source: str
    records: Sequence[Mapping[str, Any]]
    switched_on: bool = True
    retention_days: int | None = None
    kept: Text | None = None


@dataclass(frozen=True, slots=True)
class SubjectExport:
    """All that is held on one person in one town.

    `also_named`: identifiers and addresses that stand in the person's rows and were not asked for: whoever asks may
    ask again with them. `remarks`: what lies elsewhere, and what could not be searched.
    """

    town: TenantInfo
    subject: Subject
    made_at: datetime
    parts: Sequence[Part]
    also_named: Sequence[str] = ()
    remarks: Sequence[Text] = ()

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(len(part.records) for part in self.parts)

    def document(self) -> dict[str, Any]:
        """The document as plain values, ready for JSON; times are RFC 3339."""
        return {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "town": {"slug": self.town.slug, "name": self.town.name},
            "subject": {"id": self.subject.id, "emails": sorted(self.subject.emails)},
            "made_at": to_jsonable_python(self.made_at),
            "records": self.count,
            "parts": [_plain(part) for part in self.parts],
            "also_named": list(self.also_named),
            "remarks": [_both(words) for words in self.remarks],
        }


@dataclass(slots=True)
class Outcome:
    """What became of one category: how many records were found, deleted, emptied (the row stays) and kept."""

    plugin: str
    plugin_title: Text
    category: str
    title: Text
    found: int = 0
    deleted: int = 0
    cleared: int = 0
    kept: int = 0
    notes: list[Text] = field(default_factory=list[Text])


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """What erasing did, or with `preview` what it would do. `consequences`: what follows beside rows that go."""

    town: TenantInfo
    subject: Subject
    made_at: datetime
    preview: bool
    outcomes: Sequence[Outcome]
    consequences: Sequence[Text] = ()
    also_named: Sequence[str] = ()
    remarks: Sequence[Text] = ()

    @property
    def found(self) -> int:
        """How many records were found."""
        return sum(outcome.found for outcome in self.outcomes)

    def document(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON."""
        return {
            "town": {"slug": self.town.slug, "name": self.town.name},
            "made_at": to_jsonable_python(self.made_at),
            "preview": self.preview,
            "outcomes": [
                {
                    "plugin": one.plugin, "category": one.category, "title": _both(one.title), "found": one.found,
                    "deleted": one.deleted, "cleared": one.cleared, "kept": one.kept,
                    "notes": [_both(words) for words in one.notes],
                }
                for one in self.outcomes
            ],
            "consequences": [_both(words) for words in self.consequences],
            "also_named": list(self.also_named),
            "remarks": [_both(words) for words in self.remarks],
        }  # fmt: skip


def _plain(part: Part) -> dict[str, Any]:
    return {
        "plugin": part.plugin,
        "plugin_title": _both(part.plugin_title),
        "switched_on": part.switched_on,
        "category": part.category,
        "title": _both(part.title),
        "source": part.source,
        "retention_days": part.retention_days,
        "kept": _both(part.kept) if part.kept else None,
        "records": to_jsonable_python(list(part.records), bytes_mode="base64"),
    }


def _both(words: Text) -> dict[str, str]:
    return {"de": words.de, "en": words.en}
