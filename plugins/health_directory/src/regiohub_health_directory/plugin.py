"""The plugin: what it is and what it contributes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from regiohub.api import (
    Ctx,
    Dataset,
    Demo,
    GraphQLPart,
    Job,
    Link,
    LinkProvider,
    NavEntry,
    Plugin,
    RoutePart,
    SubjectData,
    Task,
    t,
)

from . import models
from .actions import ACTIONS
from .categories import CATEGORIES
from .demo import load_demo
from .graphql import PART, REGION_PART
from .graphql.region import DATASET
from .jobs import JOBS, TASKS
from .pages import router as letters
from .permissions import MANAGE, REVIEW
from .routes import router
from .service.conditions import visible_to_public
from .service.personal import SUBJECT_DATA
from .settings import HealthSettings

if TYPE_CHECKING:
    from regiohub.api.console import ConsolePart

plugin = Plugin(
    id="health_directory",
    title=t("Gesundheitsverzeichnis", "Health directory"),
    description=t(
        "Ärztliche Praxen, Therapie, Pflege, Beratung und Angebote von Mensch zu Mensch finden: mit Tippfehlern, "
        "Alltagswörtern, Öffnungszeiten, Entfernung und Barrierefreiheit.",
        "Find doctors, therapies, care, advice and neighbourly help: despite typos, with everyday words, opening "
        "hours, distance and accessibility.",
    ),
    settings=HealthSettings,
    permissions=(MANAGE, REVIEW),
    actions=ACTIONS,
    data_categories=CATEGORIES,
    models=(
        models.Organization,
        models.Location,
        models.Service,
        models.ServiceAtLocation,
        models.ServiceTerm,
        models.ServiceLanguage,
        models.Phone,
        models.Contact,
        models.CostOption,
        models.SearchWord,
        models.Vocabulary,
        models.VocabularyState,
        models.Suggestion,
        models.Duplicate,
        models.VerificationRequest,
    ),
    migrations="regiohub_health_directory.migrations",
    key_purposes=("health_directory.verification",),
)


@plugin.hook
def register_graphql() -> GraphQLPart:
    return PART


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    return REGION_PART


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    return (RoutePart(router, prefix="hsds"), RoutePart(letters, prefix="health"))


@plugin.hook
def register_console() -> "Sequence[ConsolePart]":
    # Loaded on demand: a worker shows no pages.
    from .console import part

    return (part,)


@plugin.hook
def register_jobs() -> Sequence[Job]:
    return JOBS


@plugin.hook
def register_tasks() -> Sequence[Task]:
    return TASKS


@plugin.hook
def register_subject_data() -> SubjectData:
    return SUBJECT_DATA


@plugin.hook
def register_demo() -> Demo:
    return Demo(load=load_demo)


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    return (
        Dataset(
            DATASET,
            t("Gesundheitsangebote", "Health services"),
            t("Öffentliche Einträge des Gesundheitsverzeichnisses.", "Public entries of the health directory."),
        ),
    )


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    title = t("Gesundheitsangebote (HSDS-Schnittstelle)", "Health services (HSDS interface)")
    return (NavEntry(title, "/hsds/services"),)


@plugin.hook
def register_links() -> LinkProvider:
    return _links


async def _links(ctx: Ctx) -> Sequence[Link]:
    count = await ctx.session.scalar(select(func.count()).select_from(models.Service).where(visible_to_public()))
    return (Link("health_service", t("Gesundheitsangebote", "Health services"), count or 0, "/hsds/services"),)
