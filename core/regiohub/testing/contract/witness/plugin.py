"""The witness: whatever becomes of the plugin under test, each of its parts has to go on working."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.api import (
    PUBLIC,
    Background,
    Ctx,
    Dataset,
    Demo,
    Event,
    EventHandler,
    GraphQLPart,
    Health,
    HealthCheck,
    Job,
    Link,
    LinkProvider,
    NavEntry,
    Permission,
    Plugin,
    RoutePart,
    Task,
    TenantScope,
    field,
    mutation,
    query,
    t,
)
from regiohub.api.console import ConsoleEntry, ConsolePart, TownPage

TITLE = t("Zeuge", "Witness")
LOOK = Permission("witness.look", t("Ansehen", "Look"), roles=("editor",))

plugin = Plugin(
    id="witness",
    title=TITLE,
    description=t("Steht neben dem geprüften Plugin.", "Stands beside the plugin under test."),
    permissions=(LOOK,),
)


@dataclass(frozen=True)
class Seen(Event):
    """Somebody has looked."""

    name: ClassVar[str] = "witness.seen"
    times: int = 1


@query
class WitnessQuery:
    """What the witness says."""

    @field("Always the same word.")
    async def word(self) -> str:
        """It needs no row."""
        return "here"


@mutation("Says a word again.", permission=PUBLIC, returns="word", args={"word": "What to say."})
async def repeat_to_witness(ctx: Ctx, word: str) -> str:
    """Changes nothing."""
    return f"{ctx.tenant.slug}: {word}"


@plugin.hook
def register_graphql() -> GraphQLPart:
    """One field and one mutation."""
    return GraphQLPart(query=WitnessQuery, mutations=(repeat_to_witness,))


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """One route."""
    router = APIRouter()

    @router.get("/word")
    async def word() -> dict[str, str]:
        """Always the same."""
        return {"word": "here"}

    return (RoutePart(router),)


@plugin.hook
def register_console() -> Sequence[ConsolePart]:
    """One page."""
    router = APIRouter()

    @router.get("/page")
    async def page(page: TownPage) -> Response:
        """For staff."""
        page.require(LOOK)
        return page.show("witness/page.html")

    return (ConsolePart(router, "regiohub.testing.contract.witness", (ConsoleEntry(TITLE, "page", LOOK),)),)


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    """One entry."""
    return (NavEntry(TITLE, "/witness/word"),)


async def _nothing(*_arguments: Any) -> None:
    """The parts are there to be begun, not to do anything."""


@plugin.hook
def register_jobs() -> Sequence[Job]:
    """One job."""
    return (Job("witness.look", timedelta(hours=1), _nothing),)


@plugin.hook
def register_tasks() -> Sequence[Task]:
    """One task."""
    return (Task("witness.note", _nothing),)


@plugin.hook
def register_event_handlers() -> Sequence[EventHandler[Any]]:
    """One handler."""
    return (EventHandler(Seen, _nothing, name="witness.see"),)


@plugin.hook
def register_background() -> Sequence[Background]:
    """One connection to nowhere."""

    async def wait(_scope: TenantScope) -> None:
        await asyncio.Event().wait()

    return (Background("witness.wait", wait),)


@plugin.hook
def register_demo() -> Demo:
    """Demo content that is none."""

    async def load(_scope: TenantScope, _folder: Path) -> None:
        """Nothing to load."""

    async def live(_scope: TenantScope) -> None:
        await asyncio.Event().wait()

    return Demo(load=load, live=live)


@plugin.hook
def register_links() -> LinkProvider:
    """One link."""

    async def links(_ctx: Ctx) -> Sequence[Link]:
        return (Link("word", TITLE, 1, "/witness/word"),)

    return links


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    """One dataset."""
    return (Dataset("witness.words", TITLE, TITLE),)


@plugin.hook
def register_health() -> Sequence[HealthCheck]:
    """One check."""

    async def check(_scope: TenantScope) -> Health:
        return Health(ok=True, detail=TITLE)

    return (HealthCheck("witness", check),)
