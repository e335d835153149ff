"""The sample: manifest and the hook about people."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from contract_tips.models import Photo, Tip, Topic
from regiohub.api import Ctx, DataCategory, Erased, PersonalTable, Plugin, Subject, SubjectData, TenantScope, t

CATEGORY = DataCategory(
    "tips",
    t("Hinweise aus der Bevölkerung", "Residents' tips"),
    personal=True,
    retention=timedelta(days=365),
    people=(
        PersonalTable(
            "letterbox_tip", subject="subject", email="email", clear=("name", "text"), counted_from="created_at"
        ),
        PersonalTable("letterbox_photo", belongs_to="tip_id"),
    ),
)
TOPICS = DataCategory("topics", t("Themen", "Topics"), personal=False, tables=("letterbox_topic",))

plugin = Plugin(
    id="letterbox",
    title=t("Hinweise", "Tips"),
    description=t("Hinweise mit Fotos.", "Tips with photos."),
    data_categories=(CATEGORY, TOPICS),
    models=(Topic, Tip, Photo),
    migrations="contract_tips.migrations",
)


@plugin.hook
def register_subject_data() -> SubjectData:
    """Letters lie in a JSON column and in files, by the address they came from."""
    return SubjectData(export=letters, erase=burn_letters)


async def letters(ctx: Ctx, subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The letters from the person."""
    found = [
        {"tip": row.id, "letter": text} for row in await _tips(ctx) for address, text in row.answers.items()
        if subject.is_email(address)
    ]  # fmt: skip
    return {"tips": found}


async def burn_letters(ctx: Ctx, subject: Subject) -> Sequence[Erased]:
    """Take the letters out, and the files away."""
    number = 0
    for row in await _tips(ctx):
        left = {address: text for address, text in row.answers.items() if not subject.is_email(address)}
        number += len(row.answers) - len(left)
        row.answers = left
    for address in subject.emails:
        ctx.after_commit((ctx.data_dir / "letterbox" / address).unlink if _has_file(ctx, address) else _nothing)
    return [Erased("tips", deleted=number)] if number else []


async def leave_letter(scope: TenantScope, subject: Subject) -> None:
    """What the plugin's own service does when somebody writes: a letter and a file."""
    address = next(iter(subject.emails))

    async def write(ctx: Ctx) -> None:
        for row in (await _tips(ctx))[:1]:
            row.answers = {**row.answers, address: f"Brief von {address}"}

    await scope.run(write)
    (scope.data_dir / "letterbox").mkdir(exist_ok=True)
    (scope.data_dir / "letterbox" / address).write_text(address, encoding="utf-8")


async def _tips(ctx: Ctx) -> Sequence[Tip]:
    return (await ctx.session.scalars(select(Tip).order_by(Tip.id))).all()


def _has_file(ctx: Ctx, address: str) -> bool:
    return (ctx.data_dir / "letterbox" / address).is_file()


def _nothing() -> None:
    """No file, nothing to do."""
