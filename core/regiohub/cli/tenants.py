"""``regiohub tenant``: towns and their measures."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import CONFIGURATION, FAILED, Problem
from .opening import run, settings_with, tenant_named
from .output import AsJson, console, print_json, print_table
from .town_files import plugin_faults, towns_to_add

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo
    from regiohub.tenancy.sync import Applied

Slug = Annotated[str, typer.Argument(help="Name of the town in addresses.")]


def list_tenants(json: AsJson = False) -> None:
    """List the towns with the plugins that work there."""

    async def work(platform: Platform) -> list[dict[str, Any]]:
        return [
            {
                "slug": t.slug,
                "name": t.name,
                "state": t.subdivision,
                "programme": t.programme,
                "plugins": sorted(t.enabled),
            }
            for t in platform.tenants.all()
        ]

    towns = run(work)
    if json:
        print_json(towns)
        return
    lines = [(t["slug"], t["name"], t["state"], ", ".join(t["plugins"]) or "–") for t in towns]
    print_table(("SLUG", "NAME", "STATE", "PLUGINS"), lines, empty="There are no towns yet: regiohub tenant add <slug>")


def show(slug: Slug, json: AsJson = False) -> None:
    """Show a town: facts, measures with their plugins, consents."""
    facts = run(lambda platform: _facts(platform, slug))
    if json:
        print_json(facts)
        return
    screen = console()
    for name in ("name", "slug", "ags", "state", "population", "centre", "programme", "phase", "hosts", "plugins"):
        value = facts[name]
        screen.print(f"{name:<12}{', '.join(map(str, value)) if isinstance(value, list) else value or '–'}")
    screen.print()
    measures = [(m["key"], m["title"], m["lead"] or "–", ", ".join(m["plugins"]) or "–") for m in facts["measures"]]
    print_table(("MEASURE", "TITLE", "LEAD", "PLUGINS"), measures, empty="No measures.")
    screen.print()
    consents = [(c["dataset"], c["reader"], c["valid_from"], c["valid_until"] or "–") for c in facts["consents"]]
    print_table(("SHARES", "WITH", "FROM", "UNTIL"), consents, empty="Nothing is shared.")


async def _facts(platform: Platform, slug: str) -> dict[str, Any]:
    import sqlalchemy as sa

    from regiohub.sharing import list_consents
    from regiohub.tenancy.models import Activation, Measure

    town = tenant_named(platform, slug)
    async with platform.scope(town).read() as ctx:
        in_portfolio = sa.select(Measure).where(Measure.retired_at.is_(None))
        measures = (await ctx.session.scalars(in_portfolio.order_by(Measure.position))).all()
        switches = (await ctx.session.scalars(sa.select(Activation).where(Activation.on))).all()
        consents = await list_consents(ctx)
    serving: dict[Any, list[str]] = {}
    for switch in switches:
        serving.setdefault(switch.measure_id, []).append(switch.plugin)
    names = ("key", "title", "title_en", "bundle_title", "lead", "status", "from_year", "to_year", "programme_id")
    return {
        **{name: getattr(town, name) for name in ("name", "slug", "ags", "population", "programme", "phase")},
        "state": town.subdivision,
        "centre": list(town.centre),
        "hosts": list(town.hosts),
        "plugins": sorted(town.enabled),
        "switched_on_but_not_working": sorted(town.switched - town.enabled),
        "measures": [
            {**{name: getattr(m, name) for name in names}, "plugins": sorted(serving.get(m.id, []))} for m in measures
        ],
        "consents": [
            {name: getattr(c, name) for name in ("dataset", "reader", "valid_from", "valid_until", "purpose")}
            for c in consents
        ],
    }


def add(slugs: Annotated[list[str], typer.Argument(help="Towns; several may be given.")]) -> None:
    """Read towns' files into the database: new towns, or changes to known ones. Takes effect at once.

    The file is tenants/<slug>/tenant.toml; what somebody changed in the console stays as it is.
    """
    folder = settings_with().tenants_dir
    for slug in slugs:
        if not (file := folder / slug / "tenant.toml").exists():
            raise Problem(
                f"There is no file {file}.",
                "Write it (docs/reference/tenant-toml.md lists all keys), then run this command again.",
                code=CONFIGURATION,
            )
    applied, changes = run(lambda platform: _apply(platform, slugs))
    for town in applied:
        typer.echo(f"{town.slug} {'was added' if town.created else 'is up to date'}.")
    for line in changes:
        typer.echo(line)


async def _apply(platform: Platform, slugs: list[str]) -> tuple[list[Applied], list[str]]:
    from regiohub.tenancy.sync import apply_town

    towns, remarks = towns_to_add(platform.settings.tenants_dir, slugs, platform.plugins)
    for line in remarks:
        typer.secho(line, fg="yellow", err=True)
    applied = [await apply_town(platform, town) for town in towns]
    return applied, await _admit(platform, [tenant_named(platform, town.slug) for town in applied])


async def _admit(platform: Platform, towns: list[TenantInfo]) -> list[str]:
    """Organizations for these towns at the login server, where the platform administers one."""
    from regiohub.auth.keycloak import RealmRefused, RealmUnreachable, ensure_organizations, open_realm

    if not platform.settings.keycloak_url:
        return []
    try:
        async with open_realm(platform.settings) as realm:
            return await ensure_organizations(realm, towns)
    except (RealmRefused, RealmUnreachable) as error:
        raise Problem(
            f"The towns are in the database, but not at the login server. {error.message.en}",
            "Nobody can be given a role there yet. As soon as it works again, run: regiohub identity bootstrap",
        ) from None


def validate(
    slugs: Annotated[list[str] | None, typer.Argument(help="Towns; default: all.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder of the towns; default: REGIOHUB_TENANTS_DIR.")] = None,
) -> None:
    """Check towns' files without touching the database; each fault with file, line and advice."""
    faults, sound = asyncio.run(_check(folder, slugs or []))
    for line in faults:
        typer.secho(line, fg="red", err=True)
    if faults:
        raise typer.Exit(FAILED)
    typer.echo(f"{sound} towns are sound.")


async def _check(folder: Path | None, slugs: list[str]) -> tuple[list[str], int]:
    from regiohub.plugins.host import PluginHost
    from regiohub.tenancy.config import load_all, load_town

    settings = settings_with()
    place = folder or settings.tenants_dir
    if slugs:
        towns, faults = [load_town(place, slug) for slug in slugs], []
    else:
        towns, errors = load_all(place)
        faults = [line for error in errors for line in error.lines("en")]
    host = PluginHost(allowed=settings.plugins_allowed)
    return [*faults, *plugin_faults(host, towns)], len(towns)
