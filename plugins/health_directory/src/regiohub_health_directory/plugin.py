"""The plugin: what it is and what it contributes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from regiohub.api import (
    Ctx,
    DataCategory,
    Dataset,
    Demo,
    GraphQLPart,
    Job,
    Link,
    LinkProvider,
    NavEntry,
    Plugin,
    RoutePart,
    Task,
    t,
)

from . import models
from .actions import ACTIONS
from .demo import load_demo
from .graphql import PART, REGION_PART
from .graphql.region import DATASET
from .jobs import JOBS, TASKS
from .pages import router as letters
from .permissions import MANAGE, REVIEW
from .routes import router
from .service.conditions import visible_to_public
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
    data_categories=(
        DataCategory(
            "services",
            t("Gesundheitsangebote mit Anbietern und Orten", "Health services with providers and places"),
            # A practice of one doctor is a person.
            personal=True,
            tables=(
                "health_directory_organization",
                "health_directory_location",
                "health_directory_service",
                "health_directory_service_at_location",
                "health_directory_service_term",
                "health_directory_service_language",
                "health_directory_phone",
                "health_directory_contact",
                "health_directory_cost_option",
                "health_directory_search_word",
                "health_directory_vocabulary",
                "health_directory_vocabulary_state",
                "health_directory_duplicate",
            ),
        ),
        DataCategory(
            "suggestions",
            t("Vorschläge aus der Bevölkerung", "Residents' suggestions"),
            personal=True,
            retention=timedelta(days=730),
            tables=("health_directory_suggestion",),
        ),
        DataCategory(
            "verification",
            t("Prüfbriefe an Anbieter mit Einmal-Link", "Verification mails to providers with one-time links"),
            personal=True,
            retention=timedelta(days=730),
            tables=("health_directory_verification",),
        ),
    ),
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
