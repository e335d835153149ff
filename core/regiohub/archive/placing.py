"""Files of a town, from its archive to their places; each is there completely or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from regiohub.errors import Conflict, Unavailable
from regiohub.texts import t

from .container import CHUNK, files_below, hash_of
from .manifest import Manifest, MemberFacts
from .progress import Progress


def require_empty(folder: Path) -> None:
    """Raise Conflict where files stand in the folder of a town that is only about to come."""
    if folder.is_dir() and files_below([folder]):
        raise Conflict(
            t(
                f"Im Ordner {folder} liegen schon Dateien. Bitte woanders hin legen.",
                f"There are files in {folder} already. Move them elsewhere.",
            ),
            field="file",
        )


def place_files(folder: Path, archive: ZipFile, manifest: Manifest, progress: Progress) -> int:
    """Write the files of the town's folder; what is there already as it should be stays. Returns how many there are.

    :raises Unavailable: one cannot be written.
    """
    names = manifest.below("files")
    progress.begin("files", len(names))
    for name in names:
        target = folder / name.removeprefix("files/")
        try:
            _place(archive, name, target, manifest.members[name])
        except OSError as error:
            raise Unavailable(
                t(
                    f"{target} ließ sich nicht schreiben ({error.strerror}). Die Kommune bleibt unsichtbar; bitte "
                    "beheben und den Befehl wiederholen.",
                    f"{target} could not be written ({error.strerror}). Nobody sees the town yet; please mend that, "
                    "and repeat the command.",
                )
            ) from error
        progress.advance(1)
    return len(names)


@dataclass(frozen=True, slots=True)
class Definition:
    """Files that a town is set up from: those that were `written`, or why none were or not all."""

    written: tuple[Path, ...] = ()
    there: bool = False
    """The town had some already, which stay as they are."""
    fault: str | None = None
    """The folder cannot be written, as where it is only lent to the platform: a person puts them there."""


def place_definition(folder: Path, archive: ZipFile, manifest: Manifest) -> Definition:
    """Write the files that the town is set up from, where there are none yet. The town works without them.

    A file of a programme that is there already stays as it is: other towns share it.
    """
    own = folder / manifest.town.slug
    if own.exists():
        return Definition(there=True)
    written: list[Path] = []
    for name in (*manifest.below("definition"), *manifest.below("programmes")):
        target = folder / name if name.startswith("programmes/") else own / name.removeprefix("definition/")
        if not target.exists():
            try:
                _place(archive, name, target, manifest.members[name], mode=0o644)
            except OSError as error:
                return Definition(tuple(written), fault=f"{target}: {error.strerror}")
            written.append(target)
    return Definition(tuple(written))


def _place(archive: ZipFile, name: str, target: Path, facts: MemberFacts, *, mode: int = 0o600) -> None:
    if target.is_file() and target.stat().st_size == facts.bytes:
        with target.open("rb") as there:
            if hash_of(there) == facts.sha256:
                return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    found = sha256()
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "wb") as file, archive.open(name) as member:
        while chunk := member.read(CHUNK):
            found.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if found.hexdigest() != facts.sha256:
        draft.unlink()
        # Told as damage: the file was another one when it was checked.
        raise BadZipFile(f"{name} has changed since it was checked")
    os.replace(draft, target)
