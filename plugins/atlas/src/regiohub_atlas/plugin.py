"""The participation atlas: manifest and hooks."""

from collections.abc import Sequence
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
    SubjectData,
    t,
)
from regiohub_atlas.actions import ACTIONS
from regiohub_atlas.models import TABLES, Procedure
from regiohub_atlas.permissions import EDIT, IMPORT, PUBLISH
from regiohub_atlas.settings import AtlasSettings

if TYPE_CHECKING:
    from regiohub.api.console import ConsolePart

plugin = Plugin(
    id="atlas",
    title=t("Beteiligungsatlas", "Participation atlas"),
    description=t(
        "Beteiligungsverfahren auf der Karte und in Listen, mit Terminen, Ergebnissen und einem Fragebogen, "
        "der findet, was passt.",
        "Participation procedures on a map and in lists, with dates, results and a questionnaire that finds "
        "what suits.",
    ),
    settings=AtlasSettings,
    permissions=(EDIT, PUBLISH, IMPORT),
    actions=ACTIONS,
    data_categories=(
        DataCategory(
            "procedures",
            t("Beteiligungsverfahren mit Terminen und Unterlagen", "Participation procedures with dates and documents"),
            personal=False,
            tables=tuple(table.__tablename__ for table in TABLES),
        ),
        DataCategory(
            "contacts",
            t("Ansprechstellen der Verfahren", "Contacts of procedures"),
            personal=True,
            kept=t(
                "Solange das Verfahren im Atlas steht und die Angabe nicht geändert wird.",
                "As long as the procedure is in the atlas and the entry is not changed.",
            ),
            tables=("atlas_procedure",),
        ),
    ),
    models=TABLES,
    migrations="regiohub_atlas.migrations",
)


@plugin.hook
def register_graphql() -> GraphQLPart:
    """Fields of a town's schema."""
    from regiohub_atlas.graphql import town

    return town()


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    """Fields of the region's schema."""
    from regiohub_atlas.graphql import region

    return region()


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """Map and calendar."""
    from regiohub_atlas.routes import router

    return (RoutePart(router),)


@plugin.hook
def register_console() -> "Sequence[ConsolePart]":
    """Pages in the staff console."""
    from regiohub_atlas.console import part

    return (part,)


@plugin.hook
def register_jobs() -> Sequence[Job]:
    """Telling changes of status."""
    from regiohub_atlas.jobs import JOBS

    return JOBS


@plugin.hook
def register_subject_data() -> SubjectData:
    """People who stand as contact of a procedure."""
    from regiohub_atlas.service.personal import SUBJECT_DATA

    return SUBJECT_DATA


@plugin.hook
def register_demo() -> Demo:
    """Procedures that stand beside the town's file."""
    from regiohub_atlas.demo import load_demo

    return Demo(load=load_demo)


@plugin.hook
def register_links() -> LinkProvider:
    """How many procedures the town shows."""
    return _links


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    """What a town can share with the region."""
    return (
        Dataset(
            "atlas.procedures",
            t("Beteiligungsverfahren", "Participation procedures"),
            t(
                "Veröffentlichte Verfahren mit Status, Ort und Zeitraum.",
                "Published procedures with status, place, term.",
            ),
        ),
    )


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    """Entries of the town's page."""
    return (
        NavEntry(
            t("Beteiligungsverfahren (GeoJSON)", "Participation procedures (GeoJSON)"), "/atlas/procedures.geojson"
        ),
        NavEntry(t("Termine der Beteiligung (Kalender)", "Participation dates (calendar)"), "/atlas/dates.ics"),
    )


async def _links(ctx: Ctx) -> Sequence[Link]:
    query = select(func.count()).select_from(Procedure).where(Procedure.published_at.is_not(None))
    count = await ctx.session.scalar(query) or 0
    title = t("Beteiligungsverfahren", "Participation procedures")
    return (Link("procedures", title, count, "/atlas/procedures.geojson"),)
