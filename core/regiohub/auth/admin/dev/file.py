"""The file of the built-in issuer: server, worker and command line change it one after the other."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from .records import DevState


class DevFile:
    """Reads and writes the state as JSON. A reader never sees half a file, a writer never a stale one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> DevState:
        """The state as it is; empty before the first change."""
        if not self._path.exists():
            return DevState()
        return DevState.model_validate_json(self._path.read_bytes())

    @contextmanager
    def change(self) -> Generator[DevState]:
        """The state to be changed; it is kept if the block ends without an exception."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = self.read()
            state = before.model_copy(deep=True)
            yield state
            if state == before:
                return
            draft = self._path.with_suffix(".draft")
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
                file.write(state.model_dump_json(indent=1))
            draft.replace(self._path)
