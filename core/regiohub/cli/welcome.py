"""What ``serve`` says once it answers: where to go next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .output import console

if TYPE_CHECKING:
    from regiohub.platform import Platform

EXAMPLE_ROLE = "tenant-admin"
MOST_TOWNS = 12
"""How many towns are greeted by name."""


async def welcome(platform: Platform, *, demo: bool) -> None:
    """Print addresses and, for the demo, commands to try and a token for mutations."""
    screen = console(stderr=True)
    base = platform.settings.base_url
    towns = platform.tenants.all()
    screen.print(f"\nRegio.hub answers at {base}   (Ctrl-C ends it)\n")
    for town in towns[:MOST_TOWNS]:
        screen.print(f"  {town.short_name:<18}{base}/{town.slug}/")
    if len(towns) > MOST_TOWNS:
        screen.print(f"  … and {len(towns) - MOST_TOWNS:,} more: {base}/region/")
    first = max(towns, key=lambda town: len(town.enabled), default=None)
    if first is None or not first.enabled:
        screen.print("  No town has a plugin on yet: regiohub tenant add <slug>, or start with --demo")
        return
    screen.print(f"\n  {'GraphiQL':<18}{base}/{first.slug}/graphql")
    screen.print(f"  {'Schema':<18}{base}/{first.slug}/schema.graphql")
    screen.print(f"  {'Region':<18}{base}/region/graphql")
    screen.print(f"  {'Console':<18}{base}/console/")
    if demo:
        for title, command in await hints(platform):
            screen.print(f"\n  {title}:\n  {command}")
    token = example_token(platform, first.slug)
    if token:
        screen.print(f"\n  Token for mutations in {first.short_name} (one hour; a new one: regiohub token --help):")
        screen.print(f"  {token}")
    screen.print()


async def hints(platform: Platform) -> list[tuple[str, str]]:
    """Commands that plugins offer to try: one set per plugin, from the first town that has it on."""
    found: list[tuple[str, str]] = []
    for offer in platform.plugins.call("register_demo", None):
        town = next((town for town in platform.tenants.all() if offer.plugin in town.enabled), None)
        if town is None or offer.value.hints is None:
            continue
        address = f"{platform.settings.base_url}/{town.slug}"
        offered = await offer.value.hints(platform.scope(town))
        found.extend((hint.title.en, hint.command.replace("{town}", address)) for hint in offered)
    return found


def example_token(platform: Platform, slug: str) -> str | None:
    """A test token with all rights in a town; None where the built-in issuer is off."""
    from regiohub.auth.dev import DevIssuer

    issuer = DevIssuer.from_settings(platform.settings, platform.clock.now)
    return issuer.issue_token(slug, [EXAMPLE_ROLE], subject="demo", name="Demo") if issuer else None
