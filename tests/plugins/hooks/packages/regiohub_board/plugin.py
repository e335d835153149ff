"""The manifest and every hook of the core."""

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
    DataCategory,
    Dataset,
    Demo,
    Erased,
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
    Subject,
    SubjectData,
    Task,
    TenantInfo,
    TenantScope,
    field,
    query,
    t,
)
from regiohub.api.console import ConsoleEntry, ConsolePart, TownPage

READ = Permission("board.read", t("Aushänge lesen", "Read notices"), roles=("editor",))
NOTICES = DataCategory("notices", t("Aushänge", "Notices"), personal=True, retention=timedelta(days=30))
plugin = Plugin(
    "board", t("Schwarzes Brett", "Notice board"), t("Aushänge.", "Notices."), permissions=(READ,),
    data_categories=(NOTICES,),
)  # fmt: skip
seen: list[tuple[str, str]] = []
"""What happened, and in which town; emptied before each test."""
routes, pages = APIRouter(), APIRouter()


@dataclass(frozen=True)
class NoticePosted(Event):
    """Somebody has put a notice up."""

    name: ClassVar[str] = "board.posted"
    text: str


@query
class BoardQuery:
    """The board."""

    @field("How many notices hang there.", permission=PUBLIC)
    async def notices(self) -> int:
        return 3


@routes.get("/notices.txt")
async def notices() -> Response:
    return Response("Fundsachen", media_type="text/plain")


@pages.get("/notices")
async def notices_page(page: TownPage) -> Response:
    page.require(READ)
    return page.show("board/notices.html")


async def note_event(ctx: Ctx, event: NoticePosted) -> None:
    seen.append((f"event {event.text}", ctx.tenant.slug))


async def note_task(ctx: Ctx, payload: dict[str, Any]) -> None:
    seen.append((f"task {payload['text']}", ctx.tenant.slug))


async def note_job(scope: TenantScope) -> None:
    seen.append(("job", scope.tenant.slug))


async def note_background(scope: TenantScope) -> None:
    seen.append(("background", scope.tenant.slug))


async def load(scope: TenantScope, folder: Path) -> None:
    seen.append((f"demo {folder.name}", scope.tenant.slug))


async def links(ctx: Ctx) -> Sequence[Link]:
    return (Link("notices", t("Aushänge", "Notices"), 3, "/board/notices.txt"),)


async def check(scope: TenantScope) -> Health:
    return Health(scope.tenant.slug != "potsdam", t("Das Brett ist voll.", "The board is full."))


async def export(ctx: Ctx, subject: Subject) -> dict[str, list[dict[str, Any]]]:
    return {"notices": [{"text": f"Notice of {subject.id}"}]}


async def erase(ctx: Ctx, subject: Subject) -> list[Erased]:
    seen.append((f"erased {subject.id}", ctx.tenant.slug))
    return [Erased("notices", deleted=1)]


@plugin.hook
def register_graphql() -> GraphQLPart:
    return GraphQLPart(query=BoardQuery)


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    return GraphQLPart(query=BoardQuery)


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    return (RoutePart(routes),)


@plugin.hook
def register_event_handlers() -> Sequence[EventHandler[NoticePosted]]:
    return (EventHandler(NoticePosted, note_event, name="board.note"),)


@plugin.hook
def register_jobs() -> Sequence[Job]:
    return (Job("board.tidy", timedelta(hours=1), note_job),)


@plugin.hook
def register_tasks() -> Sequence[Task]:
    return (Task("board.print", note_task),)


@plugin.hook
def register_background() -> Sequence[Background]:
    return (Background("board.listen", note_background),)


@plugin.hook
def register_demo() -> Demo:
    return Demo(load)


@plugin.hook
def register_links() -> LinkProvider:
    return links


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    return (Dataset("board.notices", t("Aushänge", "Notices"), t("Alle Aushänge.", "All notices.")),)


@plugin.hook
def register_health() -> Sequence[HealthCheck]:
    return (HealthCheck("board.space", check),)


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    return (NavEntry(t("Aushänge der Stadt", "Notices of the town"), "/board/notices.txt"),)


@plugin.hook
def register_console() -> Sequence[ConsolePart]:
    return (ConsolePart(pages, "regiohub_board", (ConsoleEntry(t("Schwarzes Brett", "Board"), "notices", READ),)),)


@plugin.hook
def register_subject_data() -> SubjectData:
    return SubjectData(export=export, erase=erase)


@plugin.hook
def on_tenant_enabled(tenant: TenantInfo) -> None:
    seen.append(("enabled", tenant.slug))


@plugin.hook
def on_tenant_disabled(tenant: TenantInfo) -> None:
    seen.append(("disabled", tenant.slug))
