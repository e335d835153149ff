"""What an import did, as GraphQL types."""

from regiohub.api import Ctx, column, value
from regiohub_{{ cookiecutter.id }}.service.importing import Report


@value
class {{ cookiecutter.__Thing }}ImportRefusedType:
    """An entry that could not be used."""

    number: int = column("Its line in a CSV file, or its number in a GeoJSON file.")
    field: str | None = column("The field at fault.")
    message: str = column("What is wrong, in the caller's language.")


@value
class {{ cookiecutter.__Thing }}ImportReportType:
    """What an import did, by the ids of the file."""

    created: list[str] = column("New places.")
    changed: list[str] = column("Places that are different now.")
    unchanged: list[str] = column("Places that stayed as they were.")
    refused: list[{{ cookiecutter.__Thing }}ImportRefusedType] = column("Entries that could not be used.")


def report_value(report: Report, ctx: Ctx) -> {{ cookiecutter.__Thing }}ImportReportType:
    """The report in the caller's language."""
    return {{ cookiecutter.__Thing }}ImportReportType(
        created=report.created,
        changed=report.changed,
        unchanged=report.unchanged,
        refused=[
            {{ cookiecutter.__Thing }}ImportRefusedType(number=number, field=field, message=message.get(ctx.locale))
            for number, field, message in report.refused
        ],
    )
