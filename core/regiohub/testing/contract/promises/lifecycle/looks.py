"""Where the parts of a plugin show in a town, hook by hook: asked the way residents, staff and workers ask.

A new hook needs a look here, or a reason in `STAYS`; a test compares both with the hook specifications.
"""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from regiohub.demo import demo_parts
from regiohub.demo.live import live_supervisor
from regiohub.errors import DomainError
from regiohub.events.catalogue import catalogue_of
from regiohub.events.supervisor import Supervisor
from regiohub.graphql.authoring.fields import camel
from regiohub.plugins.parts import ConsolePart, GraphQLPart
from regiohub.sharing import REGION, NewConsent, consented_tenants, grant
from regiohub.tenancy.portfolio import held_by_plugins
from regiohub.testing.console import ConsoleClient
from regiohub.testing.world import World

from .addresses import Address, pages, routes
from .work import look_at_work

ADMIN: Final = "tenant-admin"
_FIELDS = "{ __schema { %s } }" % " ".join(  # noqa: UP031 - braces of GraphQL
    f"{kind}Type {{ fields {{ name }} }}" for kind in ("query", "mutation", "subscription")
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a plugin declares, and what of it shows in a town; in words that a sentence can name."""

    declared: frozenset[str]
    found: frozenset[str]


Look = Callable[[World, str, str], Awaitable[Looked]]
"""(world, id of the plugin, slug of the town) -> what shows there."""


def _parts(world: World, plugin: str, hook: str) -> list[Any]:
    return [found.value for found in world.platform.plugins.collect(hook, frozenset({plugin}))]


async def look_at_graphql(world: World, plugin: str, slug: str) -> Looked:
    """Fields of the town's schema."""
    declared: set[str] = set()
    for contribution in world.platform.plugins.call("register_graphql", frozenset({plugin})):
        part: GraphQLPart = contribution.value
        declared |= {f"the field Query.{camel(plugin)}"} if part.query else set()
        declared |= {f"the field Mutation.{camel(function.__name__)}" for function in part.mutations}
        declared |= {f"the field Subscription.{camel(function.__name__)}" for function in part.subscriptions}
    answer = await world.graphql(slug, _FIELDS)
    assert not answer.errors, answer.errors
    there = {
        f"the field {kind.capitalize()}.{field['name']}"
        for kind in ("query", "mutation", "subscription")
        for field in (answer.data["__schema"][f"{kind}Type"] or {"fields": []})["fields"]
    }
    return Looked(frozenset(declared), frozenset(declared & there))


async def look_at_routes(world: World, plugin: str, slug: str) -> Looked:
    """Routes that answer otherwise than 404."""
    caller = world.caller(slug, roles=(ADMIN,))
    declared = routes(world, plugin, slug)
    return await _answering(declared, lambda address: caller.request(address.method, address.at()), "the route")


async def look_at_pages(world: World, plugin: str, slug: str) -> Looked:
    """Pages of the console that answer otherwise than 404, and their entries in the navigation."""
    staff = await world.console(slug, roles=(ADMIN,))

    async def ask(address: Address) -> Any:
        return await (staff.get(address.at()) if address.method == "GET" else staff.post(address.at()))

    looked = await _answering(pages(world, plugin, slug), ask, "the page")
    entries = await _console_entries(world, staff, plugin, slug)
    return Looked(looked.declared | entries.declared, looked.found | entries.found)


async def _answering(declared: Sequence[Address], ask: Callable[[Address], Awaitable[Any]], kind: str) -> Looked:
    found = [address for address in declared if (await ask(address)).status_code != 404]
    return Looked(frozenset(f"{kind} {a}" for a in declared), frozenset(f"{kind} {a}" for a in found))


async def _console_entries(world: World, staff: ConsoleClient, plugin: str, slug: str) -> Looked:
    text = html.unescape((await staff.get(f"/console/{slug}/")).text)
    declared: dict[str, str] = {}
    for contribution in world.platform.plugins.collect("register_console", frozenset({plugin})):
        part: ConsolePart = contribution.value
        for entry in part.navigation:
            declared[f"the entry {entry.title.en!r} of the console"] = f"/console/{slug}/{plugin}/{entry.path}"
    return _linked(declared, text)


async def look_at_navigation(world: World, plugin: str, slug: str) -> Looked:
    """Entries of the town's page."""
    text = html.unescape((await world.caller(slug).get("")).text)
    entries = _parts(world, plugin, "register_navigation")
    return _linked(
        {f"the entry {e.title.en!r} of the town's page": f"/{slug}/{e.url.lstrip('/')}" for e in entries}, text
    )


def _linked(declared: Mapping[str, str], text: str) -> Looked:
    found = {name for name, url in declared.items() if f'"{url}"' in text}
    return Looked(frozenset(declared), frozenset(found))


async def look_at_background(world: World, plugin: str, slug: str) -> Looked:
    """Long-running work that a worker would start."""
    declared = {part.name for part in _parts(world, plugin, "register_background")}
    found = declared & await _running(Supervisor(world.platform, catalogue_of(world.platform.plugins)), world, slug)
    return Looked(*(frozenset(f"the background work {name}" for name in names) for names in (declared, found)))


async def _running(supervisor: Supervisor, world: World, slug: str) -> set[str]:
    await supervisor.reconcile(leads=True)
    names = {name for tenant, name in supervisor.running if tenant == world.tenant(slug).id}
    await supervisor.stop()
    return names


async def look_at_demo(world: World, plugin: str, slug: str) -> Looked:
    """Demo content that would be loaded, and its generator."""
    declared, found = set[str](), set[str]()
    for contribution in world.platform.plugins.call("register_demo", frozenset({plugin})):
        declared |= {"the demo content"} | ({"the demo's generator"} if contribution.value.live else set())
    if any(part.plugin == plugin for part in await demo_parts(world.platform, (slug,))):
        found.add("the demo content")
    if f"{plugin}.demo" in await _running(live_supervisor(world.platform), world, slug):
        found.add("the demo's generator")
    return Looked(frozenset(declared), frozenset(found & declared))


async def look_at_links(world: World, plugin: str, slug: str) -> Looked:
    """Links at the measures."""
    declared = (
        {f"the links of {plugin}"} if world.platform.plugins.call("register_links", frozenset({plugin})) else set()
    )
    async with world.scope(slug).read() as ctx:
        found = declared if plugin in await held_by_plugins(ctx) else set[str]()
    return Looked(frozenset(declared), frozenset(found))


async def look_at_datasets(world: World, plugin: str, slug: str) -> Looked:
    """Datasets that the town could share, or that are read from it already."""
    declared = {f"the dataset {part.id}": part.id for part in _parts(world, plugin, "register_datasets")}
    found: set[str] = set()
    for name, dataset in declared.items():
        shared = slug in {tenant.slug for tenant in await consented_tenants(world.platform, dataset)}
        if shared or await _can_share(world, slug, dataset):
            found.add(name)
    return Looked(frozenset(declared), frozenset(found))


async def _can_share(world: World, slug: str, dataset: str) -> bool:
    async with world.scope(slug).write() as ctx:
        try:
            await grant(ctx, NewConsent(dataset, REGION, "Test", "Test", date(2020, 1, 1)))
        except DomainError as refusal:
            return refusal.field != "dataset"
        finally:
            await ctx.session.rollback()
    return True


async def look_at_health(world: World, plugin: str, slug: str) -> Looked:
    """Checks of the plugin that the region runs for the town."""
    declared = {f"the health check {part.name}" for part in _parts(world, plugin, "register_health")}
    checks = {f"the health check {c.value.name}" for c in world.scope(slug).plugins.collect("register_health")}
    return Looked(frozenset(declared), frozenset(declared & checks))


async def look_at_permissions(world: World, plugin: str, slug: str) -> Looked:
    """Permissions in force, which no hook declares."""
    declared = {f"the permission {p.id}" for p in world.platform.plugins.healthy[plugin].permissions}
    there = {f"the permission {p.id}" for p in world.platform.permissions(slug)}
    return Looked(frozenset(declared), frozenset(declared & there))


LOOKS: Final[Mapping[str, Look]] = {
    "register_graphql": look_at_graphql,
    "register_routes": look_at_routes,
    "register_console": look_at_pages,
    "register_navigation": look_at_navigation,
    "register_background": look_at_background,
    "register_demo": look_at_demo,
    "register_links": look_at_links,
    "register_datasets": look_at_datasets,
    "register_health": look_at_health,
}
"""By hook: how to see what it brought."""
WORK: Final = frozenset({"register_jobs", "register_tasks", "register_event_handlers"})
"""Hooks whose parts show when a worker has worked: see `look_at_work`."""
STAYS: Final[Mapping[str, str]] = {
    "register_region_graphql": "the region's fields are there for all towns; datasets say whose rows they show",
    "register_subject_data": "people may ask for their data, and have it erased, after a plugin went off",
}
"""Hooks whose parts stay when the plugin goes off, each with the reason."""


async def look_everywhere(world: World, plugin: str, slug: str) -> Mapping[str, Looked]:
    """All that shows in a town, by hook. A worker works meanwhile; what is due runs."""
    implemented = world.platform.plugins.healthy[plugin].hooks
    seen = {hook: await look(world, plugin, slug) for hook, look in LOOKS.items() if hook in implemented}
    if WORK & implemented.keys():
        declared, found = await look_at_work(world, plugin, slug)
        seen["register_jobs, register_tasks, register_event_handlers"] = Looked(declared, found)
    return {**seen, "permissions": await look_at_permissions(world, plugin, slug)}
