"""The plugin in GraphQL: thin types and fields over the services."""

from regiohub.api import GraphQLPart

{% if cookiecutter.table %}
from .errors import ERRORS
from .mutations import MUTATIONS
{% endif %}
from .query import {{ cookiecutter.__Prefix }}Query


def town() -> GraphQLPart:
    """The fields of a town's schema."""
{% if cookiecutter.table %}
    return GraphQLPart(query={{ cookiecutter.__Prefix }}Query, mutations=MUTATIONS, errors=ERRORS)
{% else %}
    return GraphQLPart(query={{ cookiecutter.__Prefix }}Query)
{% endif %}
