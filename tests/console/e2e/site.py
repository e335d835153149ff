"""The platform as a process of its own with demo content, as `regiohub serve --demo` brings it up."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regiohub.testing.services.processes import (
    ManagedProcess,
    accepts_connections,
    bound_to_parent,
    free_port,
)

if TYPE_CHECKING:
    from regiohub.testing.services.keycloak import ExampleRealm

TENANTS = Path(__file__).parents[3] / "tenants"
TOWN = "potsdam"
"""The town whose demo content brings every plugin to life."""


@dataclass(frozen=True)
class Site:
    """A running platform."""

    base: str
    data: Path
    log: Path
    realm: ExampleRealm | None = None

    @property
    def mails(self) -> list[str]:
        """Mails that the platform itself has written, as they were sent."""
        return [file.read_text(errors="replace") for file in sorted((self.data / "mail").glob("**/*.eml"))]


def prepare_towns(folder: Path) -> Path:
    """The files of one town and of the region's programmes: enough for every page, and quickly loaded."""
    for name in (TOWN, "berlin", "programmes"):
        shutil.copytree(TENANTS / name, folder / name)
    return folder


@contextmanager
def running(folder: Path, *, realm: ExampleRealm | None = None, mail_port: int | None = None) -> Generator[Site]:
    """Start the platform in a folder of its own, with the built-in issuer or with a real Keycloak."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    towns = folder / "tenants"
    if not towns.exists():
        prepare_towns(towns)
    own: dict[str, str] = {
        "REGIOHUB_DATA_DIR": str(folder / "data"),
        "REGIOHUB_TENANTS_DIR": str(towns),
        "REGIOHUB_PORT": str(port),
        "REGIOHUB_LOG_FORMAT": "json",
    }
    if realm is not None:
        realm.server.console_at(base)
        own |= _at_keycloak(realm)
    if mail_port is not None:
        own["REGIOHUB_SMTP_URL"] = f"smtp://127.0.0.1:{mail_port}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
    log = folder / "serve.log"
    program = str(Path(sys.executable).with_name("regiohub"))
    process = ManagedProcess(
        bound_to_parent([program, "serve", "--demo"]), log=log, is_ready=lambda: accepts_connections(port),
        timeout=150, environment=clean | own,
    )  # fmt: skip
    process.start()
    try:
        yield Site(base, folder / "data", log, realm)
    finally:
        process.end(signal.SIGTERM)


def _at_keycloak(realm: ExampleRealm) -> Mapping[str, str]:
    entry = realm.issuer_settings
    issuer = entry.model_dump(mode="json") | {"client_secret": entry.client_secret.get_secret_value()}
    return {
        "REGIOHUB_DEV_ISSUER": "false",
        "REGIOHUB_ISSUERS": json.dumps([issuer]),
        "REGIOHUB_KEYCLOAK_URL": realm.url,
        "REGIOHUB_KEYCLOAK_REALM": realm.server.realm,
        "REGIOHUB_KEYCLOAK_CLIENT_ID": realm.server.admin_sync_client,
        "REGIOHUB_KEYCLOAK_CLIENT_SECRET": realm.server.admin_sync_secret,
    }
