"""Keycloak's server distribution: one version, checked, unpacked and built once for each user of the machine."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from regiohub.testing.services.programs import MissingProgramError, find_program

VERSION: Final = "26.7.4"
SHA512: Final = (
    "91cdd7d591500a138440313a816177b896555fdaef515a628b1244043b214c67"
    "6021b3e9e740d85c7b7990bb23342e384b775963a7b4f37461bb46a11bfbf41e"
)
_ARTIFACT: Final = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
_OLDEST_JAVA: Final = 17


class ObtainError(MissingProgramError):
    """Keycloak is not at hand and could not be obtained."""

    def __init__(self, reason: str) -> None:
        RuntimeError.__init__(self, f"Keycloak {VERSION} is not at hand: {reason}")
        self.program, self.package = "Keycloak", ""


def find_java() -> Path:
    """Return the path of Java.

    Raises:
        MissingProgramError: if there is none, or only one that is too old for Keycloak.
    """
    home = os.environ.get("JAVA_HOME")
    java = find_program("java", package="default-jre-headless", folders=(Path(home) / "bin",) if home else ())
    told = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < _OLDEST_JAVA:
        raise MissingProgramError(f"Java {_OLDEST_JAVA} or newer", "default-jre-headless")
    return java


def installation() -> Path:
    """Return a folder with Keycloak, ready to start with an in-memory database.

    It is made once and kept in the user's cache: from ``$KEYCLOAK_HOME`` (copied, since building changes it), or from
    the distribution that Maven obtains. Processes that ask at the same time wait for the first.

    Raises:
        MissingProgramError: if Java or Maven is missing or the distribution cannot be obtained.
    """
    java = find_java()
    given = os.environ.get("KEYCLOAK_HOME")
    name = f"keycloak-{VERSION}"
    if given:
        name = f"keycloak-{hashlib.sha256(str(Path(given).resolve()).encode()).hexdigest()[:12]}"
    with _locked(_cache()) as cache:
        ready = cache / name
        if ready.is_dir():
            return ready
        with tempfile.TemporaryDirectory(dir=cache, prefix="making-") as scratch:
            made = _copied(Path(given), Path(scratch)) if given else _obtained(Path(scratch))
            _build(made, java)
            made.rename(ready)
        return ready


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "regiohub"


@contextmanager
def _locked(folder: Path) -> Generator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "keycloak.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _copied(home: Path, scratch: Path) -> Path:
    if not (home / "lib" / "quarkus-run.jar").is_file():
        raise ObtainError(f"KEYCLOAK_HOME={home} is no Keycloak")
    return Path(shutil.copytree(home, scratch / "keycloak", ignore=shutil.ignore_patterns("data")))


def _obtained(scratch: Path) -> Path:
    maven = find_program("mvn", package="maven")
    command = [str(maven), "-q", "-B", "dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={scratch}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=scratch)  # noqa: S603
    archive = scratch / f"keycloak-quarkus-dist-{VERSION}.tar.gz"
    if done.returncode or not archive.is_file():
        raise ObtainError((done.stdout + done.stderr).strip()[-500:] or "Maven brought nothing")
    with archive.open("rb") as file:
        if hashlib.file_digest(file, "sha512").hexdigest() != SHA512:
            # No skip: somebody has to look at this.
            raise RuntimeError(f"{archive.name} is not the file that was checked: its SHA-512 differs")
    with tarfile.open(archive) as tar:
        tar.extractall(scratch, filter="data")
    archive.unlink()
    return scratch / f"keycloak-{VERSION}"


def _build(home: Path, java: Path) -> None:
    """Settle what is fixed at build time: done here once, it need not be done at each start (half a minute)."""
    command = ["sh", str(home / "bin" / "kc.sh"), "build", "--db=dev-mem"]
    environment = {**os.environ, "JAVA": str(java)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"kc.sh build failed:\n{(done.stdout + done.stderr)[-2000:]}")
