"""A private Keycloak with the realm of ``deploy/keycloak``, in memory."""

import json
import os
import secrets
import shutil
import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from regiohub.testing.services.keycloak.distribution import ObtainError, find_java, installation
from regiohub.testing.services.processes import ManagedProcess, bound_to_parent, free_port

REALM_FILE: Final = Path(__file__).parents[5] / "deploy" / "keycloak" / "regiohub-realm.json"
_PACKAGES: Final = ("java.util", "java.util.concurrent", "java.security", "java.lang")
_MEMORY: Final = ("-Xms128m", "-Xmx512m", "-XX:MaxMetaspaceSize=256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Half a gigabyte is enough, and code that runs for minutes does not repay the thorough compiler."""


class KeycloakRefusedError(RuntimeError):
    """The server answered with an error; ``status`` is its HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"Keycloak answered {status}: {text}")
        self.status = status


@dataclass(frozen=True)
class KeycloakServer:
    """A running server; everything it knows is gone at its end.

    Attributes:
        url: address without a realm.
        console_secret: secret of the client ``regiohub-console``, which signs people in.
        admin_sync_secret: secret of the service account ``regiohub-admin-sync``, which administers the realm.
        root_password: password of ``root``, who administers the whole server.
        realm: the realm that is meant unless another is named.
    """

    url: str
    console_secret: str
    admin_sync_secret: str
    root_password: str
    process: ManagedProcess
    realm: str = "regiohub"
    _kept: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)

    console_client = "regiohub-console"
    admin_sync_client = "regiohub-admin-sync"
    root = "root"

    @property
    def issuer(self) -> str:
        """The claim ``iss`` of the realm's tokens."""
        return f"{self.url}/realms/{self.realm}"

    def realm_named(self, name: str) -> "KeycloakServer":
        """The same server with another realm."""
        return replace(self, realm=name)

    def grant(self, *, realm: str | None = None, **form: str) -> dict[str, Any]:
        """Ask the token endpoint of a realm; gives its parsed answer.

        Raises:
            KeycloakRefusedError: with the server's words.
        """
        address = f"{self.url}/realms/{realm or self.realm}/protocol/openid-connect/token"
        return json.loads(_send(urllib.request.Request(address, urlencode(form).encode())) or b"{}")  # noqa: S310

    def administer(self, method: str, path: str, body: Any = None) -> Any:
        """Call the admin API as ``root``; ``path`` begins below ``/admin/realms``. Gives the parsed answer.

        Raises:
            KeycloakRefusedError: with the server's words.
        """
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.url}/admin/realms{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._root_token()}", "Content-Type": "application/json"},
            method=method,
        )
        return json.loads(_send(request) or b"null")

    def _root_token(self) -> str:
        # It holds for a minute; signing in anew for each call would cost more than most calls.
        if self._kept.get("until", 0) < time.monotonic():
            login = {"grant_type": "password", "client_id": "admin-cli", "username": self.root}
            answer = self.grant(realm="master", password=self.root_password, **login)
            self._kept.update(token=answer["access_token"], until=time.monotonic() + answer["expires_in"] / 2)
        return str(self._kept["token"])

    def change(self, path: str, **values: Any) -> None:
        """Read an object of the admin API, change these values and write it back."""
        self.administer("PUT", path, {**self.administer("GET", path), **values})

    def client_id(self, name: str) -> str:
        """The internal id of a client of the realm."""
        return self.administer("GET", f"/{self.realm}/clients?clientId={name}")[0]["id"]

    def console_at(self, address: str) -> None:
        """Let the console sign people in at this address, such as ``http://127.0.0.1:4711``."""
        path = f"/{self.realm}/clients/{self.client_id(self.console_client)}"
        attributes = self.administer("GET", path)["attributes"] | {
            "post.logout.redirect.uris": f"{address}/*",
            "backchannel.logout.url": f"{address}/auth/backchannel-logout",
        }
        self.change(path, redirectUris=[f"{address}/auth/callback"], attributes=attributes)

    def mail_to(self, port: int) -> None:
        """Send the realm's mails to a server on this port of the machine."""
        self.change(f"/{self.realm}", smtpServer={"host": "127.0.0.1", "port": str(port), "from": "hub@example.org"})

    def pause(self) -> None:
        """Let the server hang: it accepts connections and answers nothing."""
        self.process.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after ``pause``."""
        self.process.send(signal.SIGCONT)


@contextmanager
def keycloak(*, hub_url: str = "http://127.0.0.1:8000", port: int | None = None) -> Generator[KeycloakServer]:
    """Start a server with the platform's realm, yield it, end it and delete what it wrote.

    Args:
        hub_url: where the platform is, to which people come back after they have signed in.
        port: port of the server; any free one, if nothing is given.

    Raises:
        MissingProgramError: if Java or Maven is not installed, or Keycloak cannot be obtained.
    """
    if not REALM_FILE.is_file():
        raise ObtainError(f"the realm file {REALM_FILE} is missing; it comes with the platform's source")
    java, home = find_java(), installation()
    # A home of its own, because Keycloak writes into it; the parts that stay the same are links.
    folder = Path(tempfile.mkdtemp(prefix="regiohub-keycloak-"))
    try:
        for part in ("lib", "conf", "providers", "themes"):
            (folder / part).symlink_to(home / part)
        (folder / "data" / "import").mkdir(parents=True)
        (folder / "tmp").mkdir()
        shutil.copy(REALM_FILE, folder / "data" / "import")
        port = port or free_port()
        url = f"http://127.0.0.1:{port}"
        console, admin, root = (secrets.token_urlsafe(24) for _ in range(3))
        process = ManagedProcess(
            bound_to_parent(_command(java, folder, url, port)),
            log=folder / "server.log",
            is_ready=lambda: _answers(f"{url}/realms/regiohub"),
            timeout=240,
            environment={
                **os.environ,
                "KC_BOOTSTRAP_ADMIN_USERNAME": KeycloakServer.root,
                "KC_BOOTSTRAP_ADMIN_PASSWORD": root,
                "HUB_URL": hub_url,
                "HUB_CONSOLE_SECRET": console,
                "HUB_ADMIN_SECRET": admin,
            },
        )
        process.start()
        try:
            yield KeycloakServer(url, console, admin, root, process)
        finally:
            process.end(signal.SIGKILL)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(java: Path, home: Path, url: str, port: int) -> list[str]:
    """The command of ``kc.sh start``, without the shell between us and the server: signals have to arrive."""
    return [
        str(java),
        *_MEMORY,
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _PACKAGES),
        "--enable-native-access=ALL-UNNAMED",
        f"-Djava.io.tmpdir={home / 'tmp'}",
        f"-Dkc.home.dir={home}",
        f"-Djboss.server.config.dir={home / 'conf'}",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Dpicocli.disable.closures=true",
        "-Dquarkus-log-max-startup-records=10000",
        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
        "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
        *("-cp", str(home / "lib" / "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"),
        *("start", "--optimized", "--import-realm", "--cache=local", "--http-enabled=true"),
        *("--http-host=127.0.0.1", f"--http-port={port}", f"--hostname={url}"),
    ]


def _answers(address: str) -> bool:
    # Asked by turns with this pause: each answer "not yet" is a line in the server's log.
    time.sleep(0.2)
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
            return answer.status == 200
    except OSError:
        return False


def _send(request: urllib.request.Request) -> bytes:
    # A new realm needs keys, and on a busy machine making them takes longer than one would think.
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - our own server
            return answer.read()
    except urllib.error.HTTPError as error:
        with error:
            raise KeycloakRefusedError(error.code, error.read().decode(errors="replace")[:500]) from None
