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
    """Hooks that the core calls."""

    @hookspec
    def register_graphql(self) -> GraphQLPart:  # type: ignore[empty-body]
        """Fields of a town's schema.

        Called at start. What it returns becomes part of the schema of each set of plugins that holds this one.

        :return: the query class, mutations, subscriptions and error types of the plugin.
        :since: 0.1

        Example::

            @plugin.hook
            def register_graphql() -> GraphQLPart:
                return GraphQLPart(query=BookingQuery, mutations=(create_booking,))
        """

    @hookspec
    def register_region_graphql(self) -> GraphQLPart:  # type: ignore[empty-body]
        """Fields of the region's schema, reading published rows of the towns that consent.

        Called when the region's schema is composed, once per process.

        :return: a query class whose fields are made with `region_many`.
        :since: 0.1

        Example::

            @plugin.hook
            def register_region_graphql() -> GraphQLPart:
                return GraphQLPart(query=BookingRegionQuery)
        """

    @hookspec
    def register_routes(self) -> Sequence[RoutePart]:  # type: ignore[empty-body]
        """HTTP routes under `/{tenant}/<prefix>`.

        Called at start. For towns that have the plugin off the routes answer 404; the core sees to it.

        :return: route parts, each a FastAPI router with its prefix.
        :since: 0.1

        Example::

            @plugin.hook
            def register_routes() -> Sequence[RoutePart]:
                return (RoutePart(router), RoutePart(calendar, prefix="calendar"))
        """

    @hookspec
    def register_event_handlers(self) -> Sequence[EventHandler]:  # type: ignore[empty-body, type-arg]
        """Handlers of events, the plugin's own or another's.

        Called at start. Handlers run at least once per event, each in its own write unit of work.

        :return: event handlers with stable names.
        :since: 0.1

        Example::

            @plugin.hook
            def register_event_handlers() -> Sequence[EventHandler]:
                return (EventHandler(BookingConfirmed, heat_the_room, name="heating.confirmed"),)
        """

    @hookspec
    def register_jobs(self) -> Sequence[Job]:  # type: ignore[empty-body]
        """Scheduled jobs, run per town that has the plugin on, by one worker at a time.

        Called at start. The names begin with the plugin's id and a dot.

        :return: jobs with name and period.
        :since: 0.1

        Example::

            @plugin.hook
            def register_jobs() -> Sequence[Job]:
                return (Job("booking.release_holds", timedelta(minutes=1), release_holds),)
        """

    @hookspec
    def register_tasks(self) -> Sequence[Task]:  # type: ignore[empty-body]
        """One-off work that `ctx.enqueue` asks for, with retries and a dead-letter state.

        Called at start. The names begin with the plugin's id and a dot.

        :return: tasks by name.
        :since: 0.1

        Example::

            @plugin.hook
            def register_tasks() -> Sequence[Task]:
                return (Task("booking.send_invitation", send_invitation, attempts=5),)
        """

    @hookspec
    def register_background(self) -> Sequence[Background]:  # type: ignore[empty-body]
        """Long-running work per town while the plugin is on there, such as a connection to a broker.

        Called at start. The names begin with the plugin's id and a dot.

        :return: background tasks; each is cancelled when the plugin is switched off.
        :since: 0.1

        Example::

            @plugin.hook
            def register_background() -> Sequence[Background]:
                return (Background("lorawan.mqtt", run=listen),)
        """

    @hookspec
    def register_demo(self) -> Demo:  # type: ignore[empty-body]
        """Demo content of a town.

        Called by `regiohub demo load` and `regiohub serve --demo`.

        :return: a repeatable loader and, if the data should stay alive, a generator.
        :since: 0.1

        Example::

            @plugin.hook
            def register_demo() -> Demo:
                return Demo(load=load_demo)
        """

    @hookspec
    def register_links(self) -> LinkProvider:  # type: ignore[empty-body]
        """What the plugin holds in a town, as generic links shown at the measures that switch it on.

        Called for each view of a town's measures, for the plugins that are on there.

        :return: an async function from a reading unit of work to links.
        :since: 0.1

        Example::

            @plugin.hook
            def register_links() -> LinkProvider:
                return links_of_rooms
        """

    @hookspec
    def register_datasets(self) -> Sequence[Dataset]:  # type: ignore[empty-body]
        """Datasets that a town can share with the region or with another town.

        Called whenever consents are listed, given or checked. Nothing is shared by declaring it: a town has to consent.

        :return: datasets whose ids start with the plugin's id.
        :since: 0.1

        Example::

            @plugin.hook
            def register_datasets() -> Sequence[Dataset]:
                words = t("Räume und ihre Ausstattung.", "Rooms and their equipment.")
                return (Dataset("booking.rooms", t("Räume", "Rooms"), words),)
        """

    @hookspec
    def register_health(self) -> Sequence[HealthCheck]:  # type: ignore[empty-body]
        """Checks of what the plugin depends on: a broker, another server, a file.

        Called by `regiohub doctor` and by the console's first pages, for each town that has the plugin on.

        :return: named checks.
        :since: 0.1

        Example::

            @plugin.hook
            def register_health() -> Sequence[HealthCheck]:
                return (HealthCheck("lorawan.mqtt", broker_answers),)
        """

    @hookspec
    def register_navigation(self) -> Sequence[NavEntry]:  # type: ignore[empty-body]
        """Entries of the town's page.

        Called for each view of that page, for the plugins that are on in the town.

        :return: entries in their order.
        :since: 0.1

        Example::

            @plugin.hook
            def register_navigation() -> Sequence[NavEntry]:
                return (NavEntry(t("Termine (Kalender)", "Dates (calendar)"), "/atlas/dates.ics"),)
        """

    @hookspec
    def register_console(self) -> Sequence[ConsolePart]:  # type: ignore[empty-body]
        """Pages of the staff console under `/console/{tenant}/<plugin>`.

        Called at start. For towns that have the plugin off neither pages nor navigation entries are there.

        :return: console parts, each a FastAPI router with its templates and navigation.
        :since: 0.1

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
        :since: 0.1

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
        :since: 0.1

        Example::

            @plugin.hook
            def on_tenant_enabled(tenant: TenantInfo) -> None:
                catalogue.forget(tenant.id)
        """

    @hookspec
    def on_tenant_disabled(self, tenant: TenantInfo) -> None:
        """The plugin was switched off for a town; its data stays.

        Called after the switch is committed, in the process that switched.

        :param tenant: the town.
        :since: 0.1

        Example::

            @plugin.hook
            def on_tenant_disabled(tenant: TenantInfo) -> None:
                connections.close(tenant.id)
        """
