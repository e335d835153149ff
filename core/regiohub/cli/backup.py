"""``regiohub db backup`` and ``db restore``: copies of the embedded database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import CONFIGURATION, Problem
from .opening import settings_with

if TYPE_CHECKING:
    from regiohub.settings import Settings

_MIB = 1024 * 1024


def backup(
    target: Annotated[Path, typer.Argument(help="New file, or a folder in which one is named after the moment.")],
) -> None:
    """Copy the embedded database while it is in use, and check the copy. PostgreSQL has pg_dump for this."""
    from regiohub.clock import Clock
    from regiohub.db.backup import BackupError, back_up

    database = _embedded(settings_with())
    if target.is_dir():
        target = target / f"regiohub-{Clock().now():%Y%m%dT%H%M%SZ}.sqlite3"
    try:
        copy = back_up(database, target)
    except BackupError as error:
        raise Problem(error.message, error.remedy) from None
    except OSError as error:
        raise Problem(f"{target} cannot be written: {error.strerror}.", "Check folder, rights and space.") from None
    revisions = ", ".join(f"{owner} {revision}" for owner, revision in sorted(copy.revisions.items()))
    typer.echo(f"{copy.file}: {copy.size / _MIB:.1f} MiB, checked ({revisions})")


def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by `regiohub db backup`.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a database that is there; that one is kept.")
    ] = False,
) -> None:
    """Put a copy in the place of the embedded database. Stop the server and the worker first."""
    from regiohub.clock import Clock
    from regiohub.db.backup import BackupError
    from regiohub.db.backup import restore as put_back
    from regiohub.db.migrate import CORE, Migrations
    from regiohub.plugins.host import PluginHost

    settings = settings_with()
    database = _embedded(settings)
    if database.exists() and not replace:
        raise Problem(
            f"There is a database already: {database}", "To put the copy in its place: --replace. It is kept beside it."
        )
    healthy = PluginHost(allowed=settings.plugins_allowed).healthy.values()
    migrations = [CORE, *(Migrations(plugin.id, plugin.migrations) for plugin in healthy if plugin.migrations)]
    try:
        former = put_back(file, database, migrations, Clock().now())
    except BackupError as error:
        raise Problem(error.message, error.remedy) from None
    except OSError as error:
        raise Problem(f"{database} cannot be written: {error.strerror}.", "Check folder, rights and space.") from None
    typer.echo(f"{database} is restored from {file}.")
    if former:
        typer.echo(f"The former one is kept as {former}.")
    typer.echo("Next: regiohub db upgrade, then regiohub subject erase-again")


def _embedded(settings: Settings) -> Path:
    """The file of the embedded database.

    :raises Problem: the database is PostgreSQL.
    """
    from sqlalchemy.engine import make_url

    if not settings.is_sqlite:
        raise Problem(
            "This command is for the embedded database.", "For PostgreSQL: pg_dump, pg_restore.", code=CONFIGURATION
        )
    return Path(str(make_url(settings.database_address).database))
