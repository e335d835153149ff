"""A new archive on its way to its place: a draft beside it, which stands there whole at the end, or is gone."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import glob
import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from regiohub.errors import Conflict, InvalidInput
from regiohub.files import try_lock
from regiohub.texts import t

from .container import Archive, hash_of


@asynccontextmanager
async def new_archive(target: Path, *, field: str = "file") -> AsyncGenerator[Archive]:
    """Write an archive to a path where nothing is yet. It stands there completely or not at all.

    Whoever leaves the block with a fault, or is cancelled, leaves nothing behind; the draft of one who was killed goes
    with the next attempt. Afterwards `sha256` and `size` of the archive tell about the whole file. `field`: what a
    refusal names.

    :raises Conflict: there is such a file. :raises InvalidInput: it cannot be written.
    """
    try:
        async with _drafted(target) as made:
            yield made
    except FileExistsError as error:
        raise Conflict(
            t(
                f"Die Datei {target} gibt es schon; eine frühere Ausgabe wird nie überschrieben.",
                f"The file {target} exists already; an earlier export is never overwritten.",
            ),
            field=field,
        ) from error
    except (ConnectionError, TimeoutError):  # the database's
        raise
    except OSError as error:
        raise InvalidInput(
            t(
                f"Die Ausgabe nach {target} gelingt nicht ({error.strerror}); nichts wurde gelöscht.",
                f"Exporting to {target} fails ({error.strerror}); nothing was deleted.",
            ),
            field=field,
        ) from error


def tidy_drafts(folder: Path, pattern: str) -> None:
    """Remove drafts of archives whose names fit the pattern, and whose writers are no more.

    One that was killed cannot tidy up itself, but its lock has gone with it; whoever is writing, in another container
    or on another machine too, holds one. On a drive that knows no locks drafts stay.
    """
    for draft in folder.glob(f".{pattern}.*.part"):
        with contextlib.suppress(OSError):  # gone meanwhile, somebody else's, or where nothing can be locked
            descriptor = os.open(draft, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if try_lock(descriptor):
                    draft.unlink(missing_ok=True)
            finally:
                os.close(descriptor)


def folder_for(path: Path) -> None:
    """Make the folder of a file that is about to be written. Raises NotADirectoryError where a file is in its place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path.parent)) from error


@asynccontextmanager
async def _drafted(target: Path) -> AsyncGenerator[Archive]:
    draft, file = _begun(target)
    made = Archive(ZipFile(file, "w", ZIP_DEFLATED))
    try:
        yield made
        made.zip.close()
        # It may take minutes; whoever is cancelled meanwhile leaves nothing at the place.
        made.sha256, made.size = await asyncio.to_thread(_read_back, file)
        _place(draft, target)
    finally:
        # The disk may be full: then the table of contents cannot be written either, and nobody needs it.
        with contextlib.suppress(OSError, ValueError):
            made.zip.close()
        with contextlib.suppress(OSError):
            file.close()
        draft.unlink(missing_ok=True)


def _begun(target: Path) -> tuple[Path, BinaryIO]:
    """A new draft, locked as long as it is open."""
    if target.exists():
        raise FileExistsError(str(target))
    folder_for(target)
    tidy_drafts(target.parent, glob.escape(target.name))
    while True:
        draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
        # It may hold personal data: readable by the platform's user only.
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        if _held(descriptor, draft):
            return draft, os.fdopen(descriptor, "w+b")
        # Somebody who tidies up was quicker, and has taken it for one left behind.
        os.close(descriptor)
        draft.unlink(missing_ok=True)


def _held(descriptor: int, draft: Path) -> bool:
    try:
        return try_lock(descriptor) and os.path.samestat(draft.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
    except OSError:
        # Some network drives know no locks. Nobody can take one there either: the draft is safe.
        return True


def _read_back(file: BinaryIO) -> tuple[str, int]:
    file.flush()
    os.fsync(file.fileno())
    return hash_of(file), file.tell()


def _place(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:
        # Some network drives know no hard links.
        os.replace(draft, target)
