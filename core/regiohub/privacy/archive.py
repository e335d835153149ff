"""What a plugin holds in one town as one zip file: rows, files, and a manifest by which both can be checked."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from errno import ENOTDIR
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from pydantic_core import to_json

FORMAT = "regiohub-plugin-export"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20


@dataclass(slots=True)
class Archive:
    """An archive that is being written, each member in one go; members are named `tables/<table>.ndjson`, `files/…`.

    `written` holds, by the name of the member, its size in bytes, its SHA-256 and how many rows it has.
    """

    zip: ZipFile
    written: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    async def rows(self, name: str, rows: AsyncIterator[Mapping[str, Any]]) -> int:
        """Write rows as NDJSON: one JSON object a line, moments in RFC 3339, bytes in Base64. Returns how many."""
        number = 0
        with self.zip.open(name, "w", force_zip64=True) as member:
            counted = _Counted(member)
            async for row in rows:
                counted.write(to_json(dict(row), bytes_mode="base64") + b"\n")
                number += 1
        self.written[name] = {"rows": number, **counted.facts}
        return number

    def file(self, name: str, path: Path) -> None:
        """Write a file as it is."""
        with path.open("rb") as source, self.zip.open(name, "w", force_zip64=True) as member:
            counted = _Counted(member)
            while chunk := source.read(_CHUNK):
                counted.write(chunk)
        self.written[name] = counted.facts

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Write the manifest: the facts given, and each member with its SHA-256."""
        manifest = {"format": FORMAT, "version": FORMAT_VERSION, **facts, "members": self.written}
        self.zip.writestr(MANIFEST, to_json(manifest, indent=2))


class NewArchive:
    """An archive at a path where nothing was before. It stands there completely or not at all.

    Used as a context manager; after it `sha256` is the hash of the whole file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = ""
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Archive:
        """Begin a draft beside the path.

        Raises FileExistsError: an earlier archive is never overwritten. Raises OSError: it cannot be written there.
        """
        if self.path.exists():
            raise FileExistsError(str(self.path))
        folder_for(self.path)
        # It may hold personal data: readable by the platform's user only.
        descriptor = os.open(self._draft, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._archive = Archive(ZipFile(self._file, "w", ZIP_DEFLATED))
        return self._archive

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        try:
            self._archive.zip.close()
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
                self.sha256 = _hash(self._file)
                self._place()
        finally:
            self._file.close()
            self._draft.unlink(missing_ok=True)

    def _place(self) -> None:
        try:
            os.link(self._draft, self.path)
        except FileExistsError:
            raise
        except OSError:
            # Some network drives know no hard links.
            os.replace(self._draft, self.path)


def folder_for(path: Path) -> None:
    """Make the folder of a file that is about to be written. Raises NotADirectoryError where a file is in its place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(path.parent)) from error


def files_below(folders: Iterable[Path]) -> list[Path]:
    """All files in these folders (or these files themselves), in order; links are not followed."""
    found: list[Path] = []
    for one in folders:
        if one.is_symlink():
            continue
        found += [one] if one.is_file() else [p for p in one.rglob("*") if p.is_file() and not p.is_symlink()]
    return sorted(found)


class _Counted:
    """Counts and hashes what is written."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target, self._hash, self._bytes = target, sha256(), 0

    def write(self, data: bytes) -> None:
        self._target.write(data)
        self._hash.update(data)
        self._bytes += len(data)

    @property
    def facts(self) -> dict[str, Any]:
        return {"bytes": self._bytes, "sha256": self._hash.hexdigest()}


def _hash(file: IO[bytes]) -> str:
    file.seek(0)
    found = sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    return found.hexdigest()
