"""Refusals that carry more than words."""

from uuid import UUID

from regiohub.api import column, error_type
from regiohub_{{ cookiecutter.id }}.errors import ExternalIdTaken


@error_type(ExternalIdTaken)
class {{ cookiecutter.__Thing }}ExternalIdTakenError:
    """Another place goes by the external id already."""

    place_id: UUID = column("The place that has it.")


ERRORS = ({{ cookiecutter.__Thing }}ExternalIdTakenError,)
