"""The mutations; all of them are for staff."""

from typing import Any
from uuid import UUID

from regiohub.api import Ctx, mutation
{% if cookiecutter.importer %}
from regiohub_{{ cookiecutter.id }}.permissions import EDIT, IMPORT
{% else %}
from regiohub_{{ cookiecutter.id }}.permissions import EDIT
{% endif %}
from regiohub_{{ cookiecutter.id }}.service import editing
{% if cookiecutter.job %}
from regiohub_{{ cookiecutter.id }}.service.checking import confirm
{% endif %}
{% if cookiecutter.importer %}
from regiohub_{{ cookiecutter.id }}.service.importing import import_file
{% endif %}

{% if cookiecutter.importer %}
from .imports import {{ cookiecutter.__Thing }}ImportReportType, report_value
{% endif %}
from .inputs import {{ cookiecutter.__Thing }}ChangeInput, {{ cookiecutter.__Thing }}Input, values_of
from .query import {{ cookiecutter.__Thing }}Type


@mutation("Adds a place.", permission=EDIT, returns="place")
async def create_{{ cookiecutter.thing }}(ctx: Ctx, input: {{ cookiecutter.__Thing }}Input) -> {{ cookiecutter.__Thing }}Type:
    return _row(await editing.create(ctx, values_of(input)))


@mutation("Changes a place.", permission=EDIT, returns="place")
async def change_{{ cookiecutter.thing }}(ctx: Ctx, id: UUID, input: {{ cookiecutter.__Thing }}ChangeInput) -> {{ cookiecutter.__Thing }}Type:
    return _row(await editing.change(ctx, id, values_of(input)))


@mutation("Removes a place for good.", permission=EDIT)
async def remove_{{ cookiecutter.thing }}(ctx: Ctx, id: UUID) -> None:
    await editing.remove(ctx, id)
{% if cookiecutter.job %}


@mutation("Says that the details of a place are right as they stand.", permission=EDIT, returns="place")
async def confirm_{{ cookiecutter.thing }}(ctx: Ctx, id: UUID) -> {{ cookiecutter.__Thing }}Type:
    return _row(await confirm(ctx, id))
{% endif %}
{% if cookiecutter.importer %}


@mutation(
    "Takes over places from a CSV or GeoJSON file; repeating it changes nothing.",
    permission=IMPORT,
    returns="report",
    args={"content": "The file's text."},
)
async def import_{{ cookiecutter.__things }}(ctx: Ctx, content: str) -> {{ cookiecutter.__Thing }}ImportReportType:
    return report_value(await import_file(ctx, content.encode()), ctx)
{% endif %}


def _row(row: Any) -> Any:
    """Bound types hold rows of their model; the type checker cannot know that."""
    return row


MUTATIONS = (
    create_{{ cookiecutter.thing }},
    change_{{ cookiecutter.thing }},
    remove_{{ cookiecutter.thing }},
{% if cookiecutter.job %}
    confirm_{{ cookiecutter.thing }},
{% endif %}
{% if cookiecutter.importer %}
    import_{{ cookiecutter.__things }},
{% endif %}
)
