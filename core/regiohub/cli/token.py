"""``regiohub token``: a test token for development."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from .exits import CONFIGURATION, Problem
from .opening import settings_with


def token(
    tenant: Annotated[str | None, typer.Option(help="Slug of the town that the roles are for.")] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(help="Staff role (tenant-admin, editor, caretaker, coordinator, auditor); may be repeated."),
    ] = None,
    regional: Annotated[
        list[str] | None, typer.Option(help="Regional role (regional-admin, regional-auditor); may be repeated.")
    ] = None,
    subject: Annotated[str, typer.Option(help="Identifier of the made-up person or client.")] = "dev",
    name: Annotated[str | None, typer.Option(help="Name of the made-up person.")] = None,
    machine: Annotated[bool, typer.Option(help="A machine client; its roles are graphql.write, ingest.write.")] = False,
    hours: Annotated[float, typer.Option(min=0.01, max=24, help="How long it holds.")] = 1.0,
) -> None:
    """Print a test token of the built-in issuer. Development only; without roles it is any signed-in person."""
    from regiohub.auth.dev import DevIssuer
    from regiohub.clock import Clock

    issuer = DevIssuer.from_settings(settings_with(), Clock().now)
    if issuer is None:
        raise Problem(
            "The built-in issuer is off.",
            "Sign in at your login server, or set REGIOHUB_DEV_ISSUER=true on a development machine.",
            code=CONFIGURATION,
        )
    try:
        issued = issuer.issue_token(
            tenant,
            role or (),
            subject=subject,
            name=name,
            regional_roles=regional or (),
            machine=machine,
            lifetime=timedelta(hours=hours),
        )
    except ValueError as error:
        raise Problem(str(error), "Add: --tenant <slug>") from None
    typer.echo(issued)
