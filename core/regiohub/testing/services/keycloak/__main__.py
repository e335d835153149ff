"""``make keycloak``: a Keycloak for a developer's desk. Ctrl-C ends it, and nothing of it is kept."""

import argparse
import json
import os
import shlex
import signal
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NoReturn

from regiohub.settings import Settings
from regiohub.testing.services.keycloak.distribution import VERSION, installation
from regiohub.testing.services.keycloak.example import ExampleRealm, example_realm
from regiohub.testing.services.keycloak.people import PEOPLE, Person
from regiohub.testing.services.programs import MissingProgramError
from regiohub.testing.services.smtp import smtp_sink


def environment(realm: ExampleRealm) -> dict[str, str]:
    """Variables with which the platform signs people in at this realm, and administers it."""
    issuer = realm.issuer_settings
    secrets = {"client_secret": issuer.client_secret.get_secret_value()}
    entry = issuer.model_dump(mode="json", include={"issuer", "region", "client_id"}) | secrets
    return {
        "REGIOHUB_DEV_ISSUER": "false",
        "REGIOHUB_ISSUERS": json.dumps([entry]),
        "REGIOHUB_KEYCLOAK_URL": realm.url,
        "REGIOHUB_KEYCLOAK_CLIENT_SECRET": realm.server.admin_sync_secret,
    }


def main() -> None:
    """Obtain Keycloak, start it, say who can sign in and how the platform is told about it; then wait."""
    arguments = _arguments()
    try:
        print(f"Keycloak {VERSION}: the first time it is obtained and built, which takes a minute or two …", flush=True)
        installation()
        if not arguments.prepare:
            _desk(Settings(), arguments.port)
    except MissingProgramError as missing:
        sys.exit(str(missing))
    except KeyboardInterrupt:
        print("\nKeycloak has ended; nothing is kept.")


def _desk(settings: Settings, port: int) -> None:
    signal.signal(signal.SIGTERM, _stop)
    print("Starting …", flush=True)
    with smtp_sink() as mails, example_realm(hub_url=settings.base_url, port=port) as realm:
        realm.server.mail_to(mails.port)
        file = settings.data_dir / "keycloak.env"
        _write(file, environment(realm))
        print(_welcome(realm, settings, file), flush=True)
        seen = 0
        try:
            while True:
                received = mails.wait_for(seen + 1, timeout=None)
                for mail in received[seen:]:
                    print(_shown(mail), flush=True)
                seen = len(received)
        finally:
            file.unlink(missing_ok=True)


def _welcome(realm: ExampleRealm, settings: Settings, file: Path) -> str:
    width = max(len(person.username) for person in PEOPLE)
    people = "\n".join(f"  {person.username:<{width}}  {person.name:<18} {_place(person)}" for person in PEOPLE)
    return f"""
{realm.issuer}

People, all with the password {realm.password} :
{people}

Machine: {realm.machine}, secret {realm.machine_secret}
Keycloak's own console: {realm.url}/admin  (root, {realm.server.root_password})

In a second terminal, start the platform with it:
  set -a; . {file}; set +a; make run
  {settings.base_url}/console/

Mails that Keycloak sends (invitations, new passwords) appear below. Ctrl-C ends it; nothing is kept."""


def _place(person: Person) -> str:
    roles = [f"{role} in {slug}" for slug, role in person.roles.items()]
    return ", ".join([person.regional, *roles] if person.regional else roles) or "no role anywhere"


def _write(file: Path, variables: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as lines:
        lines.writelines(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())


def _shown(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    return f"\n--- mail to {mail['To']}: {mail['Subject']}\n{body.get_content().strip() if body else ''}\n"


def _stop(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make keycloak", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="port on which Keycloak listens (default: 8080)")
    parser.add_argument("--prepare", action="store_true", help="only obtain and build it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
