"""The atlas's mutations; all of them are for staff."""

from typing import Any
from uuid import UUID

from regiohub.api import JSON, Ctx, mutation
from regiohub_atlas.formats.participation import read_participation
from regiohub_atlas.models.enums import ProcedureStatus
from regiohub_atlas.permissions import EDIT, IMPORT, PUBLISH
from regiohub_atlas.service import dates, editing
from regiohub_atlas.service.importing import import_batch

from .imports import ProcedureImportReportType, report_value
from .inputs import ProcedureDateInput, ProcedureInput, values_of
from .parts import ProcedureDateType
from .procedures import ProcedureType

_ID = "The procedure."
_DATE = "The date."


@mutation("Adds a procedure as a draft.", permission=EDIT, returns="procedure")
async def create_procedure(ctx: Ctx, input: ProcedureInput) -> ProcedureType:
    return _row(await editing.create_procedure(ctx, values_of(input)))


@mutation("Changes a procedure.", permission=EDIT, returns="procedure")
async def update_procedure(ctx: Ctx, id: UUID, input: ProcedureInput) -> ProcedureType:
    return _row(await editing.update_procedure(ctx, id, values_of(input)))


@mutation("Shows a procedure to everybody.", permission=PUBLISH, returns="procedure", args={"id": _ID})
async def publish_procedure(ctx: Ctx, id: UUID) -> ProcedureType:
    return _row(await editing.publish_procedure(ctx, id))


@mutation("Takes a procedure back from the public.", permission=PUBLISH, returns="procedure", args={"id": _ID})
async def withdraw_procedure(ctx: Ctx, id: UUID) -> ProcedureType:
    return _row(await editing.withdraw_procedure(ctx, id))


@mutation(
    "Sets the status by hand; null lets it follow from the phases again.",
    permission=PUBLISH,
    returns="procedure",
    args={"id": _ID, "status": "The status, or null.", "note": "Why, for readers."},
)
async def set_procedure_status(
    ctx: Ctx,
    id: UUID,
    status: ProcedureStatus | None = None,
    note: str | None = None,
) -> ProcedureType:
    return _row(await editing.set_status(ctx, id, status or None, note or None))


@mutation("Deletes a procedure that was never published.", permission=EDIT, args={"id": _ID})
async def delete_procedure(ctx: Ctx, id: UUID) -> None:
    await editing.delete_procedure(ctx, id)


@mutation("Adds a date to a procedure.", permission=EDIT, returns="date", args={"procedure_id": _ID})
async def add_procedure_date(ctx: Ctx, procedure_id: UUID, input: ProcedureDateInput) -> ProcedureDateType:
    return _row(await dates.add_date(ctx, procedure_id, values_of(input)))


@mutation("Changes a date.", permission=EDIT, returns="date", args={"id": _DATE})
async def update_procedure_date(ctx: Ctx, id: UUID, input: ProcedureDateInput) -> ProcedureDateType:
    return _row(await dates.change_date(ctx, id, values_of(input)))


@mutation(
    "Calls a date off; it stays visible as cancelled.",
    permission=EDIT,
    returns="date",
    args={"id": _DATE, "note": "Why, for readers."},
)
async def cancel_procedure_date(ctx: Ctx, id: UUID, note: str | None = None) -> ProcedureDateType:
    return _row(await dates.cancel_date(ctx, id, note or None))


@mutation(
    "Takes over procedures from a participation file; repeating it is harmless, local changes stay.",
    permission=IMPORT,
    returns="report",
    args={"content": "The file's JSON: venues and procedures."},
)
async def import_procedures(ctx: Ctx, content: JSON) -> ProcedureImportReportType:
    return report_value(await import_batch(ctx, read_participation(content)), ctx)


def _row(row: Any) -> Any:
    """Bound types hold rows of their model; the type checker cannot know that."""
    return row


MUTATIONS = (
    create_procedure,
    update_procedure,
    publish_procedure,
    withdraw_procedure,
    set_procedure_status,
    delete_procedure,
    add_procedure_date,
    update_procedure_date,
    cancel_procedure_date,
    import_procedures,
)
