"""How commands end: exit codes, and one clear line with a remedy where something is wrong."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

FAILED = 1
"""A check found something, or the platform refused."""
CONFIGURATION = 3
"""Settings, files or the environment are not as they must be."""
DATABASE = 4
"""The database cannot be reached or is not migrated."""


class Problem(Exception):
    """Something the user can mend: what is wrong, what to do, and the exit code."""

    def __init__(self, message: str, remedy: str = "", *, code: int = FAILED) -> None:
        super().__init__(message)
        self.message, self.remedy, self.code = message, remedy, code


@dataclass(frozen=True, slots=True)
class _Clue:
    """Words of a database's error that tell what is wrong."""

    words: tuple[str, ...]
    message: str
    remedy: str


_NO_TABLES = _Clue(
    ("no such table", "undefinedtable"),
    "The database has no tables yet, or older ones.",
    "Run: regiohub db upgrade",
)
_CLUES = (
    _NO_TABLES,
    _Clue(
        ("database is locked",),
        "The database file is in use by another process that is writing.",
        "Wait until it has finished, or stop it.",
    ),
    _Clue(
        ("only superuser", "must be owner of function"),
        "Only a superuser may do that.",
        "Give the address of one: --superuser-url, or REGIOHUB_DATABASE_SUPERUSER_URL.",
    ),
    _Clue(
        ("readonly", "read-only", "unable to open"),
        "The database file cannot be written.",
        "Check the owner and the rights of REGIOHUB_DATA_DIR.",
    ),
)
_UNREACHABLE = Problem(
    "The database cannot be reached.",
    "Check REGIOHUB_DATABASE_URL, and whether the server runs and lets this login in.",
    code=DATABASE,
)


class ClearErrors(TyperGroup):
    """Turns known errors into a line and an exit code; an unknown one keeps its traceback, it is a fault of ours."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            problem = explain(error)
            if problem is None:
                raise
            report(problem)
            raise typer.Exit(problem.code) from None


def report(problem: Problem) -> None:
    """Write a problem to standard error."""
    typer.secho(f"Error: {problem.message}", fg="red", err=True)
    if problem.remedy:
        typer.echo(f"  {problem.remedy}", err=True)


def explain(error: BaseException) -> Problem | None:
    """What an error means to the user; None if it can only be a fault of the program."""
    if isinstance(error, Problem):
        return error
    known = _about_domain(error) or _about_settings(error) or _about_room(error)
    return known or _about_migration(error) or _about_database(error)


def _about_domain(error: BaseException) -> Problem | None:
    from regiohub.auth.dev import DevIssuerRefused
    from regiohub.errors import DomainError
    from regiohub.plugins.errors import PluginError, QuarantineError
    from regiohub.tenancy.config import TenantConfigError

    if isinstance(error, DomainError):
        return Problem(f"{error.message.en} ({error.field})" if error.field else error.message.en)
    if isinstance(error, TenantConfigError):
        return Problem("\n".join(error.lines("en")), "The file is refused; the other towns are not affected.")
    if isinstance(error, PluginError | QuarantineError):
        return Problem(str(error), "See: regiohub plugin list", code=CONFIGURATION)
    if isinstance(error, DevIssuerRefused):
        return Problem(str(error), code=CONFIGURATION)
    return None


def _about_settings(error: BaseException) -> Problem | None:
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    if isinstance(error, ValidationError) and error.title == "Settings":
        lines = [_setting_fault(fault) for fault in error.errors(include_url=False, include_input=False)]
        return Problem("\n".join(lines), "All settings: regiohub doctor --settings", code=CONFIGURATION)
    if isinstance(error, SettingsError):
        return Problem(str(error), "Lists of objects are written as JSON.", code=CONFIGURATION)
    return None


def _setting_fault(fault: Any) -> str:
    name = "REGIOHUB_" + "_".join(str(part) for part in fault["loc"]).upper() if fault["loc"] else "Settings"
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"


def _about_room(error: BaseException) -> Problem | None:
    from regiohub.db.outages import StorageFull, outage_of

    if not isinstance(outage_of(error), StorageFull):
        return None
    where = f" for {error.filename}" if isinstance(error, OSError) and error.filename else ""
    return Problem(f"There is no room left on the disk{where}.", "Make room and repeat it: nothing was half written.")


def _about_migration(error: BaseException) -> Problem | None:
    """A fault of a plugin's own migration; a failing database is told as that, and one of ours keeps its traceback."""
    from regiohub.db.failing_line import failing_line
    from regiohub.events.faults import describe

    found = failing_line(error)
    if found is None or found[0].is_relative_to(Path(__file__).parents[1]):
        return None
    told = _about_database(error)
    if told is not None and told.message != _NO_TABLES.message:
        return None
    return Problem(
        f"The migration {found[0]} fails at line {found[1]}: {describe(error)}",
        "Nothing of it was kept. Correct that line, and repeat the command; an example town that knows an older form of"
        " it starts anew with: regiohub plugin try --fresh",
        code=DATABASE,
    )


def _about_database(error: BaseException) -> Problem | None:
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        return _UNREACHABLE if _is_about_connecting(error) else None
    text = f"{type(error.orig).__name__} {error.orig}".lower()
    for clue in _CLUES:
        if any(word in text for word in clue.words):
            return Problem(clue.message, clue.remedy, code=DATABASE)
    return _UNREACHABLE if error.connection_invalidated or _is_about_connecting(error.orig) else None


def _is_about_connecting(error: BaseException | None) -> bool:
    """Drivers let refused connections through as they are, and use their own errors for refused logins."""
    from asyncpg import InvalidAuthorizationSpecificationError, InvalidCatalogNameError

    refused = (InvalidAuthorizationSpecificationError, InvalidCatalogNameError)
    return isinstance(error, (ConnectionError, TimeoutError, socket.gaierror, *refused))
