"""``regiohub plugin``: four states that never mix: installed, allowed, healthy, and switched on per town."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import CONFIGURATION, FAILED, Problem
from .opening import run, settings_with, tenant_named
from .output import AsJson, console, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform

Name = Annotated[str, typer.Argument(help="Id of the plugin.")]
Town = Annotated[str, typer.Option("--tenant", help="The town.")]
Measure = Annotated[str | None, typer.Option(help="Key of the measure that the plugin serves; default: none.")]


def list_plugins(json: AsJson = False) -> None:
    """List installed plugins: version, allowed, healthy or why not, and the towns where they are on."""
    found = run(_rows, migrated=False)
    if any(plugin["towns"] is None for plugin in found):
        typer.secho("Where they are on is known once the database is up to date: regiohub db upgrade", err=True)
    if json:
        print_json(found)
        return
    lines = [
        (
            p["id"],
            p["version"],
            p["core"] or "any",
            _word(p["allowed"]),
            _word(p["healthy"]),
            "?" if p["towns"] is None else ", ".join(p["towns"]) or "–",
            p["reason"] or "",
        )
        for p in found
    ]
    print_table(
        ("PLUGIN", "VERSION", "FOR CORE", "ALLOWED", "HEALTHY", "ON IN", "REASON"),
        lines,
        empty="No plugin is installed.",
    )


async def _rows(platform: Platform) -> list[dict[str, Any]]:
    from regiohub.db.migrate import status

    examine_parts(platform)
    # An author wants to see his plugin before there is any database.
    waits = any(state.pending for state in await status(platform.database, platform.migrations))
    if not waits:
        await platform.start()
    towns = platform.tenants.all()
    return [
        {
            "id": record.id,
            "distribution": record.distribution,
            "version": record.version,
            "core": record.core_text,
            "allowed": record.allowed,
            "healthy": record.healthy,
            "reason": record.fault if record.allowed else "not in REGIOHUB_PLUGINS_ALLOWED",
            "towns": None if waits else sorted(t.slug for t in towns if record.id in t.enabled),
            "switched_on_but_not_working": sorted(t.slug for t in towns if record.id in t.switched - t.enabled),
        }
        for record in platform.plugins.records
    ]


def show(plugin: Name, json: AsJson = False) -> None:
    """Show a plugin: hooks, settings, permissions, kinds of data."""
    facts = _facts(plugin)
    if json:
        print_json(facts)
        return
    screen = console()
    screen.print(f"{facts['title']} ({facts['id']} {facts['version']}): {facts['description']}")
    screen.print(f"requires    {', '.join(facts['requires']) or '–'}")
    screen.print(f"hooks       {', '.join(facts['hooks'])}\n")
    settings = [(s["name"], s["default"], s["description"]) for s in facts["settings"]]
    print_table(("SETTING", "DEFAULT", "MEANING"), settings, empty="No settings.")
    screen.print()
    permissions = [(p["id"], p["title"], ", ".join(p["roles"])) for p in facts["permissions"]]
    print_table(("PERMISSION", "MEANING", "ROLES BESIDE tenant-admin"), permissions, empty="No permissions.")
    screen.print()
    data = [(d["id"], d["title"], "yes" if d["personal"] else "no", d["retention"] or "–") for d in facts["data"]]
    print_table(("DATA", "MEANING", "PERSONAL", "KEPT FOR"), data, empty="No data.")


def _facts(plugin: str) -> dict[str, Any]:
    from regiohub.plugins.host import PluginHost
    from regiohub.plugins.setting import words_of

    host = PluginHost(allowed=settings_with().plugins_allowed)
    found = host.healthy.get(plugin)
    if found is None:
        record = next((record for record in host.records if record.id == plugin), None)
        if record is None:
            names = ", ".join(record.id for record in host.records) or "none"
            raise Problem(f"The plugin {plugin!r} is not installed.", f"Installed: {names}", code=CONFIGURATION)
        raise Problem(f"{plugin} cannot be used: {record.fault or 'not in REGIOHUB_PLUGINS_ALLOWED'}")
    fields = found.settings.model_fields.items()
    return {
        "id": found.id,
        "version": found.version,
        "title": found.title.en,
        "description": found.description.en,
        "level": found.level,
        "requires": list(found.requires),
        "hooks": sorted(found.hooks),
        "settings": [
            {
                "name": name,
                "default": repr(f.get_default(call_default_factory=True)),
                "description": words.help.en if (words := words_of(f)) else f.description or "",
            }
            for name, f in fields
        ],
        "permissions": [{"id": p.id, "title": p.title.en, "roles": list(p.roles)} for p in found.permissions],
        "data": [
            {
                "id": d.id,
                "title": d.title.en,
                "personal": d.personal,
                "retention": f"{d.retention.days} days" if d.retention else d.kept.en if d.kept else None,
            }
            for d in found.data_categories
        ],
    }


def check_installed(*, json: bool = False) -> None:
    """Load all plugins strictly, with everything they contribute: a fault is an error. Needs no database.

    :raises QuarantineError: a plugin is in quarantine.
    """
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform

    settings = settings_with(strict_plugins=True, log_level="ERROR")
    configure_logging(settings)
    platform = Platform(settings)
    examine_parts(platform)
    for hook in ("register_routes", "register_datasets", "register_health", "register_navigation", "register_demo"):
        platform.plugins.call(hook, None)
    faults = {plugin: stats.last_error for plugin, stats in platform.plugins.stats.items() if stats.errors}
    if json:
        print_json({"sound": [id_ for id_ in platform.plugins.healthy if id_ not in faults], "faults": faults})
    for plugin, fault in faults.items():
        typer.secho(f"{plugin}: {fault}", fg="red", err=True)
    if faults:
        raise typer.Exit(FAILED)
    if not json:
        sound = list(platform.plugins.healthy)
        said = "1 plugin is sound" if len(sound) == 1 else f"{len(sound)} plugins are sound"
        typer.echo(f"{said}: {', '.join(sound)}")


def examine_parts(platform: Platform) -> None:
    """Find plugins whose parts clash, as the server and the worker do when they start.

    :raises QuarantineError: the platform is strict, and one does.
    """
    from regiohub.events.catalogue import catalogue_of
    from regiohub.graphql.transport.service import GraphQLService

    catalogue_of(platform.plugins)
    GraphQLService.of(platform)


def enable(plugin: Name, tenant: Town, measure: Measure = None) -> None:
    """Switch a plugin on in a town; running servers follow within seconds."""
    typer.echo(_switch(plugin, tenant, on=True, measure=measure))


def disable(plugin: Name, tenant: Town, measure: Measure = None) -> None:
    """Switch a plugin off in a town (or for one measure); its data stays."""
    typer.echo(_switch(plugin, tenant, on=False, measure=measure))


def _switch(plugin: str, slug: str, *, on: bool, measure: str | None) -> str:
    async def work(platform: Platform) -> str:
        from regiohub.tenancy.switches import switch

        town = await switch(platform, tenant_named(platform, slug), plugin, on=on, measure=measure)
        if not on and plugin in town.enabled:
            return f"{plugin} no longer serves {measure} in {town.short_name}, but is still on there for others."
        return f"{plugin} is {'on' if on else 'off'} in {town.short_name}."

    return run(work)


def _word(yes: bool) -> str:
    return "yes" if yes else "no"
