"""``regiohub plugin new``: the project of a new plugin, ready to install, test and try."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .exits import CONFIGURATION, Problem

Words = str | None
Choice = bool | None


def new(
    output: Annotated[Path, typer.Option(help="Folder in which the project's folder is made.")] = Path(),
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing: take the defaults for the rest.")] = False,
    id_: Annotated[
        Words, typer.Option("--id", help="Id: a word of a-z, 0-9 and _, in English, such as places.")
    ] = None,
    title: Annotated[Words, typer.Option(help="Title in German.")] = None,
    title_en: Annotated[Words, typer.Option("--title-en", help="Title in English.")] = None,
    thing: Annotated[
        Words, typer.Option(help="One entry of it, in English, as Python writes it: public_place.")
    ] = None,
    description: Annotated[Words, typer.Option(help="One German sentence: what it is for.")] = None,
    description_en: Annotated[Words, typer.Option("--description-en", help="The same in English.")] = None,
    author: Annotated[Words, typer.Option(help="Who writes it.")] = None,
    licence: Annotated[Words, typer.Option(help="SPDX identifier of the licence.")] = None,
    measure: Annotated[Words, typer.Option(help="Kind of measure that it serves.")] = None,
    table: Annotated[Choice, typer.Option("--table/--no-table", help="A table, shown by GraphQL.")] = None,
    console: Annotated[Choice, typer.Option("--console/--no-console", help="A page in the staff console.")] = None,
    portal: Annotated[Choice, typer.Option("--portal/--no-portal", help="A page for residents.")] = None,
    job: Annotated[Choice, typer.Option("--job/--no-job", help="A scheduled job.")] = None,
    ingest: Annotated[Words, typer.Option(help="What sends data in: none, http, mqtt or both.")] = None,
    importer: Annotated[Choice, typer.Option("--importer/--no-importer", help="An importer of files.")] = None,
) -> None:
    """Make the project of a new plugin from the template; asks for what no option says."""
    from regiohub.plugins.scaffold import AuthorToolsMissing, ScaffoldError, generate, template_folder

    answers: dict[str, str | bool | None] = {
        "id": id_, "title": title, "title_en": title_en, "thing": thing, "description": description,
        "description_en": description_en, "author": author, "licence": licence, "measure": measure, "table": table,
        "console": console, "portal": portal, "job": job, "ingest": ingest, "importer": importer,
    }  # fmt: skip
    given = {name: _word(value) for name, value in answers.items() if value is not None}
    try:
        made = generate(template_folder(), output, given, ask=not no_input)
    except AuthorToolsMissing as missing:
        raise Problem(str(missing), 'Run: pip install "regiohub[author]"', code=CONFIGURATION) from None
    except EOFError:
        raise Problem(
            "The input ended before all questions were answered; nothing was written.",
            "Take the template's answers for the rest: regiohub plugin new --no-input",
            code=CONFIGURATION,
        ) from None
    except ScaffoldError as refused:
        raise Problem(
            str(refused), "Nothing was written. All questions: regiohub plugin new --help", code=CONFIGURATION
        ) from None
    typer.echo(f"\nThe plugin stands in {made}. Next:\n")
    for command in (f"cd {_shown(made)} && pip install -e .", "pytest", "regiohub plugin try"):
        typer.echo(f"  {command}")


def _word(value: str | bool) -> str:
    return value if isinstance(value, str) else "yes" if value else "no"


def _shown(folder: Path) -> str:
    """The folder as one would type it here."""
    here = Path.cwd()
    shown = str(folder.resolve().relative_to(here)) if folder.resolve().is_relative_to(here) else str(folder)
    return f'"{shown}"' if " " in shown else shown
