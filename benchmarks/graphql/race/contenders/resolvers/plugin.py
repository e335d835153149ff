"""The manifest. It is on wherever the plugins are whose tables it reads."""

from regiohub.api import GraphQLPart, Plugin, t

plugin = Plugin(
    id="race", level="platform", requires=("atlas", "booking", "health_directory", "lorawan"),
    title=t("Wettlauf", "Race"), description=t("Antwortet nur mit Funktionen.", "Answers by functions only."),
)  # fmt: skip


@plugin.hook
def register_graphql() -> GraphQLPart:
    """One namespace of functions, declared after the other plugins have described the enums that it shows."""
    from .queries import RaceQuery

    return GraphQLPart(query=RaceQuery)
