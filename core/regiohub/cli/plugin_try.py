"""``regiohub plugin try``: one example town with every installed plugin on, in the folder where one stands."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import CONFIGURATION, Problem
from .opening import settings_with
from .output import console
from .serving import require_free, run_until_stopped, serve_until_stopped
from .steps import load_demo, migrate, step
from .welcome import example_token, hints

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.settings import Settings

DATABASE, IGNORE = "regiohub.sqlite3", ".gitignore"
MARKER = "example-town.txt"
"""By this file a folder is known as one of ours: in no other anything is changed or deleted."""
_ABOUT = (
    "Database and files of an example town, made by `regiohub plugin try`. The folder can be deleted at any time; "
    "`--fresh` empties the database here, because this file says so.\n"
)
_ADVICE = (
    "If its tables are not those of its models, this says where: pytest tests/test_contract.py -k migrations. "
    "After changing a migration: regiohub plugin try --fresh"
)


def try_plugins(
    data: Annotated[Path, typer.Option(help="Folder for the example town and its database.")] = Path(".regiohub"),
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; default: REGIOHUB_PORT.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start with an empty database, as after changing a migration.")
    ] = False,
) -> None:
    """Serve an example town with every installed plugin on and its demo content, until Ctrl-C.

    For the authors of plugins: it needs no checkout, no database server and no towns' files. Everything it writes
    stands in one folder, which can be deleted at any time.
    """
    settings = _settings(data.absolute(), port)
    require_free(settings)
    _prepare(settings.data_dir, fresh=fresh)
    run_until_stopped(_serve(settings))


def _settings(data: Path, port: int | None) -> Settings:
    """Nothing of an installation that may be configured here gets in: no real database, people or mails.

    Towns' files stand apart from the folders in which towns keep data: what is purged there never takes them along.
    """
    if settings_with().is_production:
        raise Problem(
            "`regiohub plugin try` is for development; the environment says production.",
            "Unset REGIOHUB_ENVIRONMENT, or use another machine.",
            code=CONFIGURATION,
        )
    return settings_with(
        data_dir=data, tenants_dir=data / "towns", host="127.0.0.1", port=port, log_format="console",
        log_level="WARNING", public_url="", base_domain="", host_names={}, issuers=(), dev_issuer=True, smtp_url="",
        keycloak_url="", database_url="", database_owner_url="", worker_in_serve=True, plugins_allowed=("*",),
    )  # fmt: skip


def _prepare(data: Path, *, fresh: bool) -> None:
    """:raises Problem: the folder holds something else, which must be neither changed nor deleted, or is none."""
    try:
        if data.is_dir() and not (data / MARKER).is_file() and any(path.name != IGNORE for path in data.iterdir()):
            raise Problem(
                f"{data} holds other things than an example town.", "Choose an empty folder: --data", code=CONFIGURATION
            )
        data.mkdir(parents=True, exist_ok=True)
        (data / MARKER).write_text(_ABOUT, encoding="utf-8")
        if not (data / IGNORE).exists():
            # Keeps the folder out of the author's repository without touching the repository's own files.
            (data / IGNORE).write_text("*\n", encoding="utf-8")
        if fresh:
            for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
                (data / name).unlink(missing_ok=True)
    except OSError as error:
        raise Problem(
            f"{data} cannot be used as a folder: {error.strerror or error}",
            "Choose a folder in which you may write: --data",
            code=CONFIGURATION,
        ) from None


async def _serve(settings: Settings) -> None:
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform
    from regiohub.web.server import server_for

    configure_logging(settings)
    platform = Platform(settings)
    try:
        _require_plugins(platform)
        await migrate(platform)
        await platform.tenants.refresh()
        await _found_town(platform)
        await load_demo(platform, advice=_ADVICE)
        await serve_until_stopped(platform, server_for(platform), partial(_greet, platform), live=True)
    finally:
        await platform.stop()


def _require_plugins(platform: Platform) -> None:
    """:raises Problem: there is nothing to try."""
    if platform.plugins.healthy:
        return
    faults = _faults(platform)
    if faults:
        raise Problem("\n".join(faults), "See: regiohub plugin check PATH", code=CONFIGURATION)
    raise Problem(
        "No plugin is installed in this environment.",
        "Go to the folder of yours and run: pip install -e .   (a new one: regiohub plugin new)",
        code=CONFIGURATION,
    )


async def _found_town(platform: Platform) -> None:
    from regiohub.demo.example import example_town
    from regiohub.tenancy.sync import apply_town

    plugins = [plugin.id for plugin in platform.plugins.healthy.values() if plugin.level == "tenant"]
    datasets = [offer.value.id for offer in platform.plugins.collect("register_datasets")]
    town = example_town(platform.settings.tenants_dir, plugins, datasets)
    with step(f"Preparing {town.file.short_name} with {', '.join(plugins)}"):
        await apply_town(platform, town)


def _faults(platform: Platform) -> list[str]:
    return [f"{record.id} is left out: {record.fault}" for record in platform.plugins.records if record.fault]


async def _greet(platform: Platform) -> None:
    """Where to look, who one is there, and how to stop."""
    from regiohub.demo.example import SLUG

    screen, base = console(stderr=True), platform.settings.base_url
    for fault in _faults(platform):
        typer.secho(fault, fg="red", err=True)
    screen.print(f"\nMusterstadt is open, with these plugins on: {', '.join(platform.plugins.healthy)}\n")
    screen.print(f"  {'GraphiQL':<10}{base}/{SLUG}/graphql   (type Ctrl-Space for the fields that there are)")
    screen.print(f"  {'Console':<10}{base}/console/{SLUG}   (sign in as one of the example people shown there)")
    screen.print(f"  {'Town':<10}{base}/{SLUG}/")
    for title, command in await hints(platform):
        screen.print(f"\n  {title}:\n  {command}")
    if token := example_token(platform, SLUG):
        screen.print("\n  Token with all rights, for the header Authorization: Bearer … (one hour):")
        screen.print(f"  {token}")
    screen.print(f"\n  Database and town's file: {platform.settings.data_dir}   (an empty start: --fresh)")
    screen.print("  Ctrl-C stops it. After changing code, stop it and start it again.\n")
