"""The plugin: what it is, what it brings, how the platform reaches it."""

{% if cookiecutter.table or cookiecutter.console or cookiecutter.portal or cookiecutter.job or cookiecutter.__ingest %}
from collections.abc import Sequence
{% endif %}
{% if cookiecutter.console %}
from typing import TYPE_CHECKING
{% endif %}

from regiohub.api import (
{% if cookiecutter.__mqtt %}
    Background,
{% endif %}
{% if cookiecutter.table %}
    DataCategory,
    Demo,
{% endif %}
    GraphQLPart,
{% if cookiecutter.__mqtt %}
    HealthCheck,
{% endif %}
{% if cookiecutter.job %}
    Job,
{% endif %}
{% if cookiecutter.table %}
    LinkProvider,
{% endif %}
{% if cookiecutter.table or cookiecutter.portal %}
    NavEntry,
{% endif %}
    Plugin,
{% if cookiecutter.table or cookiecutter.portal or cookiecutter.__http %}
    RoutePart,
{% endif %}
    t,
)
{% if cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.actions import ACTIONS
from regiohub_{{ cookiecutter.id }}.models import TABLES
{% endif %}
{% if cookiecutter.table or cookiecutter.console %}
from regiohub_{{ cookiecutter.id }}.permissions import PERMISSIONS
{% endif %}
from regiohub_{{ cookiecutter.id }}.settings import {{ cookiecutter.__Prefix }}Settings
{% if cookiecutter.console %}

if TYPE_CHECKING:
    from regiohub.api.console import ConsolePart
{% endif %}

plugin = Plugin(
    id="{{ cookiecutter.id }}",
    title=t(
        {{ cookiecutter.title | python | indent(8) }},
        {{ cookiecutter.title_en | python | indent(8) }},
    ),
    description=t(
        {{ cookiecutter.description | python | indent(8) }},
        {{ cookiecutter.description_en | python | indent(8) }},
    ),
    settings={{ cookiecutter.__Prefix }}Settings,
{% if cookiecutter.table or cookiecutter.console %}
    permissions=PERMISSIONS,
{% endif %}
{% if cookiecutter.table %}
    actions=ACTIONS,
    data_categories=(
        DataCategory(
            "places",
            t("Orte mit ihren Öffnungszeiten", "Places with their opening hours"),
            personal=False,
            tables=tuple(table.__tablename__ for table in TABLES),
        ),
    ),
    models=TABLES,
    migrations="regiohub_{{ cookiecutter.id }}.migrations",
{% endif %}
)


@plugin.hook
def register_graphql() -> GraphQLPart:
    """Fields of a town's schema."""
    from regiohub_{{ cookiecutter.id }}.graphql import town

    return town()
{% if cookiecutter.table or cookiecutter.portal or cookiecutter.__http %}


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """Addresses below the town's."""
    from regiohub_{{ cookiecutter.id }}.routes import router

    return (RoutePart(router),)
{% endif %}
{% if cookiecutter.console %}


@plugin.hook
def register_console() -> "Sequence[ConsolePart]":
    """Pages for staff."""
    from regiohub_{{ cookiecutter.id }}.console import part

    return (part,)
{% endif %}
{% if cookiecutter.job %}


@plugin.hook
def register_jobs() -> Sequence[Job]:
    """Work that comes round."""
    from regiohub_{{ cookiecutter.id }}.jobs import JOBS

    return JOBS
{% endif %}
{% if cookiecutter.__mqtt %}


@plugin.hook
def register_background() -> Sequence[Background]:
    """The connection to the town's MQTT broker."""
    from regiohub_{{ cookiecutter.id }}.mqtt import is_wanted, listen

    task = "{{ cookiecutter.id }}.mqtt"
    return (Background(task, run=listen, settings={{ cookiecutter.__Prefix }}Settings, wanted=is_wanted),)


@plugin.hook
def register_health() -> Sequence[HealthCheck]:
    """Whether that broker answers."""
    from regiohub_{{ cookiecutter.id }}.mqtt import check

    return (HealthCheck("{{ cookiecutter.id }}.mqtt", check),)
{% endif %}
{% if cookiecutter.table %}


@plugin.hook
def register_demo() -> Demo:
    """Example places, to try the plugin."""
    from regiohub_{{ cookiecutter.id }}.demo import load_demo

    return Demo(load=load_demo)


@plugin.hook
def register_links() -> LinkProvider:
    """How many places there are, shown at the measures that this plugin serves."""
    from regiohub_{{ cookiecutter.id }}.service.reading import links

    return links
{% endif %}
{% if cookiecutter.table or cookiecutter.portal %}


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    """Entries of the town's page."""
    return (
{% if cookiecutter.portal %}
        NavEntry(plugin.title, "/{{ cookiecutter.id }}/"),
{% endif %}
{% if cookiecutter.table %}
        NavEntry(t("Orte als Datei (GeoJSON)", "Places as a file (GeoJSON)"), "/{{ cookiecutter.id }}/places.geojson"),
{% endif %}
    )
{% endif %}
