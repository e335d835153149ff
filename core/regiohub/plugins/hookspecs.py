"""The hooks of the platform. `register_*` collects declarations, `on_*` reacts.

All hooks are synchronous and optional. They are called in dependency order. A hook that raises is logged and
counted against its plugin; what the other plugins returned stays in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regiohub.plugins.manifest import hookspec

if TYPE_CHECKING:
    from regiohub.events.parts import Background, EventHandler, Job, Task
    from regiohub.plugins.parts import (
        ConsolePart,
        Dataset,
        Demo,
        GraphQLPart,
        HealthCheck,
        LinkProvider,
        NavEntry,
        RoutePart,
    )
    from regiohub.plugins.subjects import SubjectData
    from regiohub.tenancy.info import TenantInfo


class CoreHooks:
    """Hooks that the core calls. Available since 0.1."""

    @hookspec
    def register_graphql(self) -> GraphQLPart:  # type: ignore[empty-body]
        """Fields of a town's schema.

        Called once per set of enabled plugins, when the schema is composed.

        :return: the query class, mutations, subscriptions and error types of the plugin.

        Example::

            @plugin.hook
            def register_graphql() -> GraphQLPart:
                return GraphQLPart(query=BookingQuery, mutations=(create_booking,))
        """

    @hookspec
    def register_region_graphql(self) -> GraphQLPart:  # type: ignore[empty-body]
        """Fields of the region's schema, reading published rows of the towns that consent.

        Called once, when the region's schema is composed.

        :return: a query class whose fields are made with `region_many`.
        """

    @hookspec
    def register_routes(self) -> Sequence[RoutePart]:  # type: ignore[empty-body]
        """HTTP routes under `/{tenant}/<prefix>`.

        Called once at start. For towns that have the plugin off the routes answer 404; the core sees to it.

        :return: route parts, each a FastAPI router with its prefix.
        """

    @hookspec
    def register_event_handlers(self) -> Sequence[EventHandler]:  # type: ignore[empty-body, type-arg]
        """Handlers of events, the plugin's own or another's.

        Called once at start. Handlers run at least once per event, each in its own write unit of work.

        :return: event handlers with stable names.
        """

    @hookspec
    def register_jobs(self) -> Sequence[Job]:  # type: ignore[empty-body]
        """Scheduled jobs, run per town that has the plugin on, by one worker at a time.

        :return: jobs with name and period.
        """

    @hookspec
    def register_tasks(self) -> Sequence[Task]:  # type: ignore[empty-body]
        """One-off work that `ctx.enqueue` asks for, with retries and a dead-letter state.

        :return: tasks by name.
        """

    @hookspec
    def register_background(self) -> Sequence[Background]:  # type: ignore[empty-body]
        """Long-running work per town while the plugin is on there, such as a connection to a broker.

        :return: background tasks; each is cancelled when the plugin is switched off.
        """

    @hookspec
    def register_demo(self) -> Demo:  # type: ignore[empty-body]
        """Demo content of a town.

        Called by `regiohub demo load` and `regiohub serve --demo`.

        :return: a repeatable loader and, if the data should stay alive, a generator.
        """

    @hookspec
    def register_links(self) -> LinkProvider:  # type: ignore[empty-body]
        """What the plugin holds in a town, as generic links shown at the measures that switch it on.

        :return: an async function from a reading unit of work to links.
        """

    @hookspec
    def register_datasets(self) -> Sequence[Dataset]:  # type: ignore[empty-body]
        """Datasets that a town can share with the region or with another town.

        :return: datasets whose ids start with the plugin's id.
        """

    @hookspec
    def register_health(self) -> Sequence[HealthCheck]:  # type: ignore[empty-body]
        """Checks of what the plugin depends on, run by `regiohub doctor`.

        :return: named checks.
        """

    @hookspec
    def register_navigation(self) -> Sequence[NavEntry]:  # type: ignore[empty-body]
        """Entries of the town's page.

        :return: entries in their order.
        """

    @hookspec
    def register_console(self) -> Sequence[ConsolePart]:  # type: ignore[empty-body]
        """Pages of the staff console under `/console/{tenant}/<plugin>`.

        Called once at start. For towns that have the plugin off neither pages nor navigation entries are there.

        :return: console parts, each a FastAPI router with its templates and navigation.

        Example::

            @plugin.hook
            def register_console() -> Sequence[ConsolePart]:
                return (ConsolePart(router, "regiohub_booking.console", (ConsoleEntry(TITLE, "queue", APPROVE),)),)
        """

    @hookspec
    def register_subject_data(self) -> SubjectData:  # type: ignore[empty-body]
        """What the plugin holds on a person beyond the tables that its data categories declare (`PersonalTable`).

        Called for each export and each erasure of a person's data, in every town, whether the plugin is on there or
        not: data stays when a plugin goes off. A fault of the plugin ends the export or the erasure as a whole, and
        nothing is changed; an answer that silently lacks a part would be wrong. `export` and `consequences` get a
        unit of work in which nothing may be written. `erase` may raise a `DomainError` to refuse, with words that say
        what has to happen first.

        :return: async functions for export, erasure and its consequences; each may be left out.

        Example::

            @plugin.hook
            def register_subject_data() -> SubjectData:
                return SubjectData(export=notes_of, erase=forget_notes)
        """

    @hookspec
    def on_tenant_enabled(self, tenant: TenantInfo) -> None:
        """The plugin was switched on for a town.

        Called after the switch is committed, in the process that switched.

        :param tenant: the town.
        """

    @hookspec
    def on_tenant_disabled(self, tenant: TenantInfo) -> None:
        """The plugin was switched off for a town; its data stays.

        Called after the switch is committed, in the process that switched.

        :param tenant: the town.
        """
