"""The atlas's mutations; all of them are for staff."""

from typing import Any
from uuid import UUID

from regiohub.api import JSON, Ctx, mutation
from regiohub_atlas.formats.participation import read_participation
from regiohub_atlas.models.enums import ProcedureStatus, TextVariety
from regiohub_atlas.permissions import EDIT, IMPORT, PUBLISH
from regiohub_atlas.service import dates, editing, texts
from regiohub_atlas.service.entries import attach_file
from regiohub_atlas.service.files import decoded
from regiohub_atlas.service.importing import import_batch
from regiohub_atlas.service.reading import find_procedure

from .imports import ProcedureImportReportType, report_value
from .inputs import ProcedureDateInput, ProcedureFileInput, ProcedureInput, ProcedureTextInput, values_of
from .parts import ProcedureDateType
from .procedures import ProcedureType
from .texts import ProcedureTextType

_ID = "The procedure."
_DATE = "The date."
_TEXT = "The text."


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


@mutation(
    "Adds a document with its file to a procedure.",
    permission=EDIT,
    returns="procedure",
    args={"procedure_id": _ID},
)
async def attach_procedure_file(ctx: Ctx, procedure_id: UUID, input: ProcedureFileInput) -> ProcedureType:
    values = values_of(input)
    name, content = values.pop("name"), decoded(values.pop("content"))
    await attach_file(ctx, procedure_id, name, content, values)
    return _row(await find_procedure(ctx, procedure_id))


@mutation(
    "Writes a procedure in other words, as a draft.",
    permission=EDIT,
    returns="text",
    args={
        "procedure_id": _ID,
        "variety": "What it is.",
        "language": "Its language: `en`, `uk`.",
    },
)
async def write_procedure_text(
    ctx: Ctx, procedure_id: UUID, variety: TextVariety, language: str, input: ProcedureTextInput
) -> ProcedureTextType:
    return _row(await texts.write_text(ctx, procedure_id, variety, language, values_of(input)))


@mutation("Says that a text is right as it stands.", permission=EDIT, returns="text", args={"id": _TEXT})
async def check_procedure_text(ctx: Ctx, id: UUID) -> ProcedureTextType:
    return _row(await texts.check_text(ctx, id))


@mutation("Shows a checked text to residents.", permission=PUBLISH, returns="text", args={"id": _TEXT})
async def publish_procedure_text(ctx: Ctx, id: UUID) -> ProcedureTextType:
    return _row(await texts.publish_text(ctx, id))


@mutation("Takes a text back from residents.", permission=PUBLISH, returns="text", args={"id": _TEXT})
async def withdraw_procedure_text(ctx: Ctx, id: UUID) -> ProcedureTextType:
    return _row(await texts.withdraw_text(ctx, id))


@mutation("Deletes a text for good.", permission=EDIT, args={"id": _TEXT})
async def delete_procedure_text(ctx: Ctx, id: UUID) -> None:
    await texts.delete_text(ctx, id)


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
    attach_procedure_file,
    write_procedure_text,
    check_procedure_text,
    publish_procedure_text,
    withdraw_procedure_text,
    delete_procedure_text,
)
