"""Checking an archive without any installation: everything that the manifest says is held against the file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - it is a class

from pydantic import ValidationError

from regiohub.errors import InvalidInput
from regiohub.texts import t

from .container import CHUNK, MANIFEST, hash_of
from .manifest import Manifest
from .progress import UNWATCHED, Progress

_MOST_MANIFEST = 64 * CHUNK
_MOST_FACTS = 16 * CHUNK
"""Members that are read whole: facts of the town, keys, heads of the log. Rows and files are read in pieces."""
_MOST_LINE = 64 * CHUNK
"""What a row may have: much more than any table takes."""
_DAMAGED = (BadZipFile, ZlibError, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sound archive."""

    file: Path
    sha256: str
    manifest: Manifest


def check_archive(file: Path, *, progress: Progress = UNWATCHED) -> Checked:
    """Read the whole archive and compare each member with the manifest: size, hash, number of rows.

    :raises InvalidInput: it is missing, damaged, incomplete, or holds what the manifest does not name; the message
        says which member.
    """
    with opened(file) as archive:
        try:
            manifest = _checked(archive, progress)
        except OSError as error:
            raise _unreadable(error) from None
    with file.open("rb") as whole:
        return Checked(file, hash_of(whole), manifest)


@contextmanager
def opened(file: Path) -> Generator[ZipFile]:
    """The file as a zip archive.

    :raises InvalidInput: it is missing, or no archive, or damaged where somebody reads it. What else fails while it is
        open, e.g. a full disk that it is unpacked to, is not its fault and stays what it is.
    """
    try:
        archive = ZipFile(file)
    except FileNotFoundError:
        raise InvalidInput(t(f"Die Datei {file} gibt es nicht.", f"There is no file {file}."), field="file") from None
    except (*_DAMAGED, OSError) as error:
        raise _unreadable(error) from None
    with archive:
        try:
            yield archive
        except _DAMAGED as error:
            raise _unreadable(error) from None


def manifest_of(archive: ZipFile) -> Manifest:
    """The manifest of an archive; its members are not looked at.

    :raises InvalidInput: there is none, or not a sound one.
    """
    try:
        entry = archive.getinfo(MANIFEST)
    except KeyError:
        raise _unsound("it has no manifest", "das Verzeichnis fehlt") from None
    if entry.file_size > _MOST_MANIFEST:
        raise _unsound("the manifest is too large", "das Verzeichnis ist zu groß")
    with archive.open(entry) as member:
        content = member.read()
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _unsound(f"manifest: {where} {first['msg']}", f"Verzeichnis: {where} {first['msg']}") from None


def _checked(archive: ZipFile, progress: Progress) -> Manifest:
    manifest = manifest_of(archive)
    names = [entry.filename for entry in archive.infolist()]
    if len(set(names)) != len(names):
        raise _unsound("a member is there twice", "ein Teil ist doppelt")
    _same(set(names), {*manifest.members, MANIFEST})
    progress.begin("checking", sum(member.bytes for member in manifest.members.values()))
    for name in sorted(manifest.members):
        _check_member(archive, manifest, name, progress)
    return manifest


def _check_member(archive: ZipFile, manifest: Manifest, name: str, progress: Progress) -> None:
    wanted = manifest.members[name]
    if "/" not in name and wanted.bytes > _MOST_FACTS:
        raise _unsound(f"{name} is too large", f"{name} ist zu groß")
    found, size, lines, last, line = sha256(), 0, 0, b"\n", 0
    with archive.open(name) as member:
        while chunk := member.read(CHUNK):
            found.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
            # Packed, a row of gigabytes is small; whoever fills tables reads a row at a time.
            end = chunk.rfind(b"\n")
            line = line + len(chunk) if end < 0 else len(chunk) - end
            if size > wanted.bytes or (wanted.rows is not None and line > _MOST_LINE):
                break
            progress.advance(len(chunk))
    if (size, found.hexdigest()) != (wanted.bytes, wanted.sha256):
        raise _unsound(f"{name} is not what the manifest says", f"{name} ist nicht das, was das Verzeichnis nennt")
    if wanted.rows is not None and (lines != wanted.rows or last != b"\n"):
        raise _unsound(f"{name} has {lines} rows, not {wanted.rows}", f"{name} hat {lines} Zeilen, nicht {wanted.rows}")


def _same(there: set[str], named: set[str]) -> None:
    for name in sorted(named - there):
        raise _unsound(f"{name} is missing", f"{name} fehlt")
    for name in sorted(there - named):
        raise _unsound(f"{name} does not stand in the manifest", f"{name} steht nicht im Verzeichnis")


def _unreadable(error: Exception) -> InvalidInput:
    reason = error.strerror if isinstance(error, OSError) else error
    return _unsound(f"it cannot be read ({reason})", f"es ist nicht lesbar ({reason})")


def _unsound(en: str, de: str) -> InvalidInput:
    return InvalidInput(t(f"Das Archiv ist nicht in Ordnung: {de}.", f"The archive is not sound: {en}."), field="file")
