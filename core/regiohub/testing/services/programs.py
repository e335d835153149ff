"""Find the programs that a service needs."""

import shutil
from pathlib import Path

# Debian keeps servers out of an ordinary user's PATH.
_EXTRA_FOLDERS = (Path("/usr/sbin"), Path("/usr/local/sbin"))


class MissingProgramError(RuntimeError):
    """A program that a private service needs is not installed; the message names the package that brings it."""

    def __init__(self, program: str, package: str, *, install: str | None = None) -> None:
        super().__init__(f"{program} is not installed; {install or f'Debian and Ubuntu: apt install {package}'}")
        self.program = program
        self.package = package


def find_program(name: str, *, package: str, folders: tuple[Path, ...] = ()) -> Path:
    """Return the path of the program ``name``: first from ``folders``, then from PATH and the servers' folders.

    Raises:
        MissingProgramError: naming ``package`` as the one to install.
    """
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    found = shutil.which(name) or shutil.which(name, path=":".join(map(str, _EXTRA_FOLDERS)))
    if found is None:
        raise MissingProgramError(name, package)
    return Path(found)
