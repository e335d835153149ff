"""Data on one person: handed out and erased by the town's admins, and handed out to the person himself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from pydantic_core import to_jsonable_python

from regiohub import privacy
from regiohub.auth.permissions import TENANT_PRIVACY
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.operations import mutation
from regiohub.graphql.authoring.scalars import JSON
from regiohub.graphql.authoring.types import input_type, value
from regiohub.privacy.reports import ErasureReport, SubjectExport
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text


@input_type
class SubjectInput:
    """A person, by the identifier of the account, by e-mail addresses, or by both."""

    id: str | None = column("Identifier of the account (claim sub); leave out for a person without one.", default=None)
    emails: list[str] | None = column("E-mail addresses that are known to be the person's.", default=None)


@value
class SubjectDataPart:
    """Records of one category from one source."""

    plugin: str = column("Plugin that holds them; core is the platform.")
    plugin_title: str = column("Its name in the caller's language.")
    switched_on: bool = column("Whether the plugin is on in the town; data stays when it goes off.")
    category: str = column("Kind of data, as a stable word: bookings.")
    title: str = column("Kind of data, in the caller's language.")
    source: str = column("Table that the records come from; plugin: found by the plugin itself.")
    retention_days: int | None = column("After how many days they are deleted; null where no fixed time is set.")
    kept: str | None = column("How long they are kept, in words of the caller's language, where no fixed time is set.")
    records: list[JSON] = column("The records, with all their values.")


@value
class SubjectDataExport:
    """All that is held on one person in the town."""

    made_at: datetime = column("When it was put together.")
    records: int = column("How many records there are.")
    parts: list[SubjectDataPart] = column("The records by category and source.")
    also_named: list[str] = column(
        "Identifiers and addresses in these records that were not asked for. Ask again with them once it is certain "
        "that they are the person's."
    )
    remarks: list[str] = column("What lies elsewhere or could not be searched, in the caller's language.")
    document: JSON = column("The same as one document, ready to be handed over.")


@value
class SubjectErasurePart:
    """What became, or would become, of one category."""

    plugin: str = column("Plugin that holds it; core is the platform.")
    plugin_title: str = column("Its name in the caller's language.")
    category: str = column("Kind of data, as a stable word: bookings.")
    title: str = column("Kind of data, in the caller's language.")
    found: int = column("Records that were found.")
    deleted: int = column("Records that are deleted.")
    cleared: int = column("Records that stay without the person.")
    kept: int = column("Records that stay as they are.")
    notes: list[str] = column("Why something is kept and what else happened, in the caller's language.")


@value
class SubjectErasure:
    """A report on an erasure."""

    made_at: datetime = column("When it was done.")
    preview: bool = column("Whether it only says what would be done.")
    parts: list[SubjectErasurePart] = column("By category.")
    consequences: list[str] = column("What follows beside records that go, in the caller's language. In previews only.")
    also_named: list[str] = column("Identifiers and addresses in the person's records that were not asked for.")
    remarks: list[str] = column("What lies elsewhere or could not be searched, in the caller's language.")


@mutation(
    "Hands out all that is held on a person in the town, by plugins that are off as well. It is a mutation because it "
    "is written into the audit log.",
    permission=TENANT_PRIVACY,
    returns="export",
)
async def export_subject(ctx: Ctx, input: SubjectInput) -> SubjectDataExport:
    return export_value(ctx, await privacy.export_subject(ctx, _subject(input)))


@mutation(
    "Erases a person's data in the town and reports on it, or with preview says what would be erased. Records that the "
    "town needs without the person stay and lose the person; what has to be kept is named with its reason.",
    permission=TENANT_PRIVACY,
    returns="erasure",
    args={"preview": "True: nothing is erased, the answer says what would be."},
)
async def erase_subject(ctx: Ctx, input: SubjectInput, preview: bool) -> SubjectErasure:
    subject = _subject(input)
    return _erasure(ctx, await (privacy.look_up(ctx, subject) if preview else privacy.erase_subject(ctx, subject)))


def export_value(ctx: Any, found: SubjectExport) -> Any:
    """An export as GraphQL shows it."""
    parts = [
        SubjectDataPart(  # pyright: ignore[reportCallIssue]
            plugin=part.plugin,
            plugin_title=part.plugin_title.get(ctx.locale),
            switched_on=part.switched_on,
            category=part.category,
            title=part.title.get(ctx.locale),
            source=part.source,
            retention_days=part.retention_days,
            kept=part.kept.get(ctx.locale) if part.kept else None,
            records=to_jsonable_python(list(part.records), bytes_mode="base64"),
        )
        for part in found.parts
    ]
    return SubjectDataExport(  # pyright: ignore[reportCallIssue]
        made_at=found.made_at, records=found.count, parts=parts, also_named=list(found.also_named),
        remarks=_said(ctx, found.remarks),
        document=cast("Any", found.document()),
    )  # fmt: skip


def _erasure(ctx: Any, report: ErasureReport) -> Any:
    parts = [
        SubjectErasurePart(  # pyright: ignore[reportCallIssue]
            plugin=one.plugin, plugin_title=one.plugin_title.get(ctx.locale), category=one.category,
            title=one.title.get(ctx.locale), found=one.found, deleted=one.deleted, cleared=one.cleared, kept=one.kept,
            notes=_said(ctx, one.notes),
        )
        for one in report.outcomes
    ]  # fmt: skip
    return SubjectErasure(  # pyright: ignore[reportCallIssue]
        made_at=report.made_at, preview=report.preview, parts=parts, consequences=_said(ctx, report.consequences),
        also_named=list(report.also_named), remarks=_said(ctx, report.remarks),
    )  # fmt: skip


def _subject(input: SubjectInput) -> Any:
    return privacy.subject_named([*([input.id] if input.id else []), *(input.emails or [])], field="input")


def _said(ctx: Any, words: Sequence[Text]) -> list[str]:
    return [one.get(ctx.locale) for one in words]


MUTATIONS: tuple[Any, ...] = (export_subject, erase_subject)
"""What the core lets those do who answer people's requests about their data."""
