"""A zip file that stands at its place completely or not at all, and whose members can be checked."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from errno import ENOTDIR
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic_core import to_json

MANIFEST = "manifest.json"
CHUNK = 1 << 20


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
    """An archive that is being written, each member in one go. `written` holds the members by name."""

    zip: ZipFile
    written: dict[str, Member] = field(default_factory=dict[str, Member])

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

    def file(self, name: str, path: Path) -> None:
        """Write a file as it is."""
        with path.open("rb") as source, self._member(name) as member:
            counted = _Counted(member)
            while chunk := source.read(CHUNK):
                counted.write(chunk)
        self.written[name] = counted.member()

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

    def _member(self, name: str) -> IO[bytes]:
        # The same content makes the same file: no clock, no rights of the one who writes.
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return self.zip.open(info, "w", force_zip64=True)


class NewArchive:
    """An archive at a path where nothing was before. It stands there completely or not at all.

    Used as a context manager; after it `sha256` is the hash of the whole file and `bytes` its size.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = ""
        self.bytes = 0
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> Archive:
        """Begin a draft beside the path. Drafts of processes that have died are removed.

        Raises FileExistsError: an earlier archive is never overwritten. Raises OSError: it cannot be written there.
        """
        if self.path.exists():
            raise FileExistsError(str(self.path))
        folder_for(self.path)
        tidy_drafts(self.path.parent, self.path.name)
        # It may hold personal data: readable by the platform's user only.
        descriptor = os.open(self._draft, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._archive = Archive(ZipFile(self._file, "w", ZIP_DEFLATED))
        return self._archive

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        with self._ending():
            if kind is None:
                self._archive.zip.close()
                self._read_back()
                self._place()

    async def __aenter__(self) -> Archive:
        """Like `__enter__`, for whoever shares the process with others."""
        return self.__enter__()

    async def __aexit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        with self._ending():
            if kind is None:
                self._archive.zip.close()
                # It may take minutes; whoever is cancelled meanwhile leaves nothing at the place.
                await asyncio.to_thread(self._read_back)
                self._place()

    @contextlib.contextmanager
    def _ending(self) -> Generator[None]:
        try:
            yield
        finally:
            # The disk may be full: then the table of contents cannot be written either, and nobody needs it.
            with contextlib.suppress(OSError, ValueError):
                self._archive.zip.close()
            with contextlib.suppress(OSError):
                self._file.close()
            self._draft.unlink(missing_ok=True)

    def _read_back(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self.sha256, self.bytes = hash_of(self._file), self._file.tell()

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


def tidy_drafts(folder: Path, name: str) -> None:
    """Remove drafts of archives of this name (or pattern) that processes left which are no more.

    One that was killed cannot tidy up itself.
    """
    for draft in folder.glob(f".{name}.*.part"):
        number = draft.name.removesuffix(".part").rpartition(".")[2]
        if number.isdigit() and not _lives(int(number)):
            draft.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
