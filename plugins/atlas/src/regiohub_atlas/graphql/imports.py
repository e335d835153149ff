"""What an import did, as GraphQL types."""

from regiohub.api import Ctx, column, value
from regiohub_atlas.service.importing import ImportReport


@value
class ProcedureImportKeptType:
    """A procedure whose local changes were left alone."""

    external_id: str = column("Its id in the source.")
    fields: list[str] = column("The fields that were changed here.")


@value
class ProcedureImportRefusedType:
    """An entry that could not be used."""

    external_id: str = column("Its id in the source, or its number.")
    field: str | None = column("The field at fault.")
    message: str = column("What is wrong, in the caller's language.")


@value
class ProcedureImportReportType:
    """What an import did, by the source's own ids."""

    created: list[str] = column("New procedures.")
    updated: list[str] = column("Procedures that changed.")
    unchanged: list[str] = column("Procedures that stayed as they were.")
    missing: list[str] = column("Procedures that the source no longer lists; they stay in the archive.")
    kept: list[ProcedureImportKeptType] = column("Procedures with local changes.")
    refused: list[ProcedureImportRefusedType] = column("Entries that could not be used.")


def report_value(report: ImportReport, ctx: Ctx) -> ProcedureImportReportType:
    """The report in the caller's language."""
    return ProcedureImportReportType(
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        missing=report.missing,
        kept=[ProcedureImportKeptType(external_id=name, fields=names) for name, names in report.kept.items()],
        refused=[
            ProcedureImportRefusedType(external_id=name, field=field, message=message.get(ctx.locale))
            for name, field, message in report.refused
        ],
    )
