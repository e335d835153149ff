"""The sound plugin, and how the bad ones are made: the same with another GraphQL part."""

from __future__ import annotations

from collections.abc import Sequence

from regiohub.api import DataCategory, Dataset, GraphQLPart, PersonalTable, Plugin, t

from . import graphql, models, service


def made(part: GraphQLPart, region: GraphQLPart = graphql.REGION, id: str = "benches") -> Plugin:
    """A plugin with this part; one with another id has no tables."""
    own = id == "benches"
    plugin = Plugin(
        id=id,
        title=t("Bänke", "Benches"),
        description=t("Parkbänke der Stadt.", "Park benches of the town."),
        permissions=(service.MANAGE,) if own else (),
        models=(models.Park, models.Bench, models.Report, models.Hint) if own else (),
        migrations="contract_benches.migrations" if own else None,
        data_categories=(
            DataCategory(
                "reports",
                t("Meldungen", "Reports"),
                personal=True,
                people=(
                    PersonalTable("benches_report", subject="subject"),
                    PersonalTable("benches_hint", email="email"),
                ),
                kept=t("solange die Bank steht", "as long as the bench stands"),
            ),
        )
        if own
        else (),
    )

    @plugin.hook
    def register_graphql() -> GraphQLPart:
        return part

    @plugin.hook
    def register_region_graphql() -> GraphQLPart | None:
        return region if own else None

    @plugin.hook
    def register_datasets() -> Sequence[Dataset]:
        return [Dataset("benches.benches", t("Bänke", "Benches"), t("Alle.", "All."))] if own else []

    return plugin


plugin = made(graphql.PART)
