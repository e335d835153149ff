"""What an archive is made of: a zip file whose members are counted and hashed as they are written."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic_core import to_json

MANIFEST = "manifest.json"
CHUNK = 1 << 20
_DRAFT = re.compile(r"\..+\.part")


@dataclass(frozen=True, slots=True)
class Member:
    """One member as it was written: size in bytes, SHA-256, and how many rows it has (none: it holds no rows)."""

    bytes: int
    sha256: str
    rows: int | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """For a manifest."""
        counted = {} if self.rows is None else {"rows": self.rows}
        return {**counted, "bytes": self.bytes, "sha256": self.sha256}


@dataclass(slots=True)
class Archive:
    """An archive that is being written, each member in one go. `written` holds the members by name.

    `sha256` and `size` (bytes) tell about the whole file once it stands at its place.
    """

    zip: ZipFile
    written: dict[str, Member] = field(default_factory=dict[str, Member])
    sha256: str = ""
    size: int = 0

    async def rows(self, name: str, chunks: AsyncIterator[Sequence[bytes]]) -> int:
        """Write rows as NDJSON: one JSON object a line. Returns how many."""
        number = 0
        with self._member(name) as member:
            counted = _Counted(member)
            async for chunk in chunks:
                # Packing takes its time: whoever else is at work in this process goes on meanwhile.
                await asyncio.to_thread(counted.write, b"".join(chunk))
                number += len(chunk)
        self.written[name] = counted.member(number)
        return number

    async def file(self, name: str, path: Path) -> bool:
        """Write a file as it is. False: it has been deleted meanwhile, and is no member."""
        try:
            await asyncio.to_thread(self._copy, name, path)
        except FileNotFoundError:
            return False
        return True

    def content(self, name: str, data: bytes) -> None:
        """Write a small member."""
        with self._member(name) as member:
            counted = _Counted(member)
            counted.write(data)
        self.written[name] = counted.member()

    def finish(self, manifest: Any) -> None:
        """Write the manifest, the last member."""
        with self._member(MANIFEST) as member:
            member.write(to_json(manifest, indent=2) + b"\n")

    def _copy(self, name: str, path: Path) -> None:
        with path.open("rb") as source, self._member(name) as member:
            counted = _Counted(member)
            while chunk := source.read(CHUNK):
                counted.write(chunk)
        self.written[name] = counted.member()

    def _member(self, name: str) -> IO[bytes]:
        # The same content makes the same file: no clock, no rights of the one who writes.
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return self.zip.open(info, "w", force_zip64=True)


def files_below(folders: Iterable[Path]) -> list[Path]:
    """All files in these folders (or these files themselves), in order; links are not followed."""
    found: list[Path] = []
    for one in folders:
        if one.is_symlink():
            continue
        found += [one] if one.is_file() else [p for p in one.rglob("*") if p.is_file() and not p.is_symlink()]
    return sorted(found)


def files_of_town(folder: Path) -> list[tuple[str, Path]]:
    """A town's files with their names in its archive; without those being written, or never written to their end."""
    found = [path for path in files_below([folder]) if not _DRAFT.fullmatch(path.name)]
    return [(f"files/{path.relative_to(folder).as_posix()}", path) for path in found]


def hash_of(file: BinaryIO | IO[bytes]) -> str:
    """SHA-256 of a whole open file."""
    file.seek(0)
    found = sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()


class _Counted:
    """Counts and hashes what is written."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target, self._hash, self._bytes = target, sha256(), 0

    def write(self, data: bytes) -> None:
        self._target.write(data)
        self._hash.update(data)
        self._bytes += len(data)

    def member(self, rows: int | None = None) -> Member:
        return Member(self._bytes, self._hash.hexdigest(), rows)
