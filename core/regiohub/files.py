"""Files that are there whole or not at all, also when the disk is full in the middle of writing."""

import os
import secrets
import shutil
from pathlib import Path

LITTLE_BYTES = 256 * 1024 * 1024
"""Below this an operator is warned: enough for some days, or for the next backup."""


def room_left(folder: Path) -> int:
    """Free bytes for ordinary users on the disk that a folder is (or will be) on."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def write_whole(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file in the place of the one that may be there, with its folder. ``mode``: rights of the new file.

    :raises OSError: it could not be written; what was there before is untouched, and no draft is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            # Some file systems find out only here that there is no room.
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def try_lock(descriptor: int) -> bool:
    """Lock an open file (flock) against all others who lock it, on any machine; False where somebody holds it.

    The lock goes with the descriptor: closed, or with the end of the process, however it ends.

    :raises OSError: the file system knows no locks.
    """
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
