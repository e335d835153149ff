"""The manifest of a town's archive: what is in it, from where, and by what it can be checked."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FORMAT: Final = "regiohub-town"
VERSION: Final = 1

TOWN: Final = "town.json"
PROGRAMME: Final = "programme.json"
SCHEMA: Final = "schema.graphql"
KEYS: Final = "keys.json"
AUDIT: Final = "audit.json"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
_SLUG: Final = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TownFacts(_Part):
    """Which town it is."""

    slug: str
    name: str
    ags: str

    @field_validator("slug")
    @classmethod
    def _plain(cls, value: str) -> str:
        # It becomes the name of folders.
        if not _SLUG.fullmatch(value):
            raise ValueError("no name of a town")
        return value


class ColumnFacts(_Part):
    """One column: `kind` says how its values are written."""

    name: str
    kind: Literal[
        "boolean", "bytes", "date", "decimal", "geometry", "integer", "json", "moment", "number", "text", "time", "uuid"
    ]
    nullable: bool


class TableFacts(_Part):
    """One table. `owner`: "core" or a plugin. `key`: its primary key within the town, by which the rows are sorted."""

    name: Name
    owner: Name
    member: str
    columns: tuple[ColumnFacts, ...]
    key: tuple[str, ...]
    rows: int = Field(ge=0)


class MemberFacts(_Part):
    """One member of the archive: its size, its hash, and how many lines it has where it holds rows."""

    bytes: int = Field(ge=0)
    sha256: Sha256
    rows: int | None = None


class KeyFacts(_Part):
    """Keys of the town. Not `included`: what is sealed with them cannot be read without the installation it is from."""

    included: bool
    purposes: tuple[str, ...]


class ConsentFacts(_Part):
    """What the town shares, with whom: the region, or another town by its name."""

    dataset: str
    reader: str
    valid_from: str
    valid_until: str | None


class Manifest(_Part):
    """All that is said about an archive; every other member stands in `members`."""

    format: Literal["regiohub-town"] = FORMAT
    version: Literal[1] = VERSION
    made_at: datetime
    platform: str
    """Version of the platform that wrote it."""
    installation: str
    """A name of the installation that says nothing about it; the same name means the same installation."""
    town: TownFacts
    revisions: dict[Name, str]
    """Revision of the tables of the core and of each plugin that has tables here."""
    plugins: dict[Name, str]
    """Versions of the plugins that were installed; `enabled` were on in the town."""
    enabled: tuple[str, ...]
    tables: tuple[TableFacts, ...]
    consents: tuple[ConsentFacts, ...]
    """Consents in force. They are rows of the table core_consent; here they can be seen at a glance."""
    keys: KeyFacts
    left_out: dict[str, str]
    """What belongs to the town and is not in the archive, each with the reason."""
    members: dict[str, MemberFacts]

    @field_validator("members")
    @classmethod
    def _inside(cls, value: dict[str, MemberFacts]) -> dict[str, MemberFacts]:
        for name in value:
            if not is_member_name(name):
                raise ValueError(f"{name!r} leads out of the archive")
        return value

    @model_validator(mode="after")
    def _agrees(self) -> Manifest:
        for table in self.tables:
            member = self.members.get(table.member)
            if member is None or member.rows != table.rows:
                raise ValueError(f"table {table.name} and its member {table.member} do not agree")
        if len({table.name for table in self.tables}) != len(self.tables):
            raise ValueError("a table stands there twice")
        if TOWN not in self.members:
            raise ValueError(f"{TOWN} is missing")
        return self

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    def below(self, folder: str) -> list[str]:
        """Names of the members in a folder of the archive, in order."""
        return sorted(name for name in self.members if name.startswith(f"{folder}/"))


def is_member_name(name: str) -> bool:
    """Whether an archive may hold a member of this name: everywhere it is unpacked it must stay inside."""
    path = PurePosixPath(name)
    unsafe = path.is_absolute() or ".." in path.parts or str(path) != name or "\\" in name or "\0" in name
    # Bytes that are no UTF-8, as a file system may have them.
    return not unsafe and not any("\ud800" <= char <= "\udfff" for char in name)


def manifest_schema() -> dict[str, Any]:
    """JSON Schema of the manifest."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Manifest.model_json_schema()}
