"""The editor of a codec: trials with payloads that are typed or kept, versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, select
from starlette.responses import Response

from regiohub.api import Ctx, DomainError, NotFound, t
from regiohub.api.console import Column, Form, FormModel, Listing, TownPage, asked
from regiohub_lorawan.console import words
from regiohub_lorawan.models import Codec, CodecVersion
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import catalogue, trials
from regiohub_lorawan.service.trials import ExamplePlan, Trial

router = APIRouter()

_VERSIONS = Listing(
    "versions",
    t("Versionen", "Versions"),
    columns=(
        Column("version", t("Version", "Version"), lambda r: r.version, numeric=True),
        Column("at", t("Gespeichert", "Saved"), lambda r: r.created_at),
        Column("note", t("Was wurde geändert?", "What was changed?"), lambda r: r.note),
    ),
)


class SourceForm(FormModel):
    """A codec's script, and a payload to try it with."""

    source: str = asked(
        t("Quelltext", "Script"),
        kind="code",
        rows=20,
        help=t(
            "JavaScript mit der Funktion decodeUplink(input) oder Decoder(bytes, port).",
            "JavaScript with the function decodeUplink(input) or Decoder(bytes, port).",
        ),
        max_length=catalogue.MOST_SOURCE,
    )
    note: str = asked(t("Was wurde geändert?", "What was changed?"), default="", max_length=500)
    payload: str = asked(
        t("Nutzlast zum Ausprobieren", "Payload to try"),
        default="",
        help=t("Hexadezimal oder Base64.", "Hexadecimal or base64."),
        max_length=1500,
    )
    f_port: int = asked(t("Port", "Port"), default=1, ge=0, le=255)


class ExampleForm(FormModel):
    """A payload to be kept."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=100)
    payload: str = asked(t("Nutzlast", "Payload"), min_length=1, max_length=1500)
    f_port: int = asked(t("Port", "Port"), default=1, ge=0, le=255)


@dataclass(frozen=True, slots=True)
class Shown:
    """A trial as the page shows it; ``excerpt`` are the lines of the script around a fault, with their numbers."""

    name: Any
    payload: str
    f_port: int
    trial: Trial
    excerpt: Sequence[tuple[int, str, bool]] = ()


@router.get("/codecs/{id}")
async def editor(page: TownPage, id: UUID) -> Response:
    """The editor with the script in use, the payloads kept, and the versions."""
    page.require(MANAGE)
    async with page.read() as ctx:
        source = await ctx.session.scalar(
            select(CodecVersion.source)
            .join(Codec, and_(Codec.tenant_id == CodecVersion.tenant_id, Codec.id == CodecVersion.codec_id))
            .where(CodecVersion.codec_id == id, CodecVersion.version == Codec.current_version)
        )
    return await _show(page, id, page.form(SourceForm, {"source": source or "", "f_port": 1}))


@router.post("/codecs/{id}/try")
async def attempt(page: TownPage, id: UUID) -> Response:
    """Run the script as it stands in the editor against the typed payload and all that are kept. Nothing is stored."""
    page.require(MANAGE)
    form = await page.posted(SourceForm)
    return await _show(page, id, form, shown=await _trials(page, id, form) if form.value else ())


@router.post("/codecs/{id}")
async def save(page: TownPage, id: UUID) -> Response:
    """Save the script as the next version."""
    page.require(MANAGE)
    form = await page.posted(SourceForm)

    async def work(ctx: Ctx, value: SourceForm) -> None:
        await catalogue.update_codec(ctx, id, value.source, value.note or None)

    if await page.submit(form, work):
        words_ = t(
            "Die neue Version gilt ab jetzt. Ältere Nachrichten lassen sich neu dekodieren.",
            "The new version holds from now on. Older messages can be decoded again.",
        )
        return page.done(words_, page.url("codecs", id))
    return await _show(page, id, form)


@router.post("/codecs/{id}/examples")
async def keep(page: TownPage, id: UUID) -> Response:
    """Keep a payload with the codec."""
    page.require(MANAGE)
    form = await page.posted(ExampleForm)

    async def work(ctx: Ctx, value: ExampleForm) -> None:
        await trials.add_example(ctx, id, ExamplePlan(value.name, trials.payload_of(value.payload), value.f_port))

    if await page.submit(form, work):
        return page.done(t("Die Testnachricht ist aufbewahrt.", "The test payload is kept."), page.url("codecs", id))
    async with page.read() as ctx:
        codec = await _find(ctx, id)
    return page.show("lorawan/codec_example.html", codec=codec, form=form)


@router.post("/codecs/{id}/examples/{example}/remove")
async def forget(page: TownPage, id: UUID, example: UUID) -> Response:
    """Forget a payload."""
    page.require(MANAGE)
    await page.act(lambda ctx: trials.remove_example(ctx, example))
    return page.done(t("Die Testnachricht ist entfernt.", "The test payload is removed."), page.url("codecs", id))


async def _show(page: TownPage, id: UUID, form: Form[SourceForm], shown: Sequence[Shown] = ()) -> Response:
    async with page.read() as ctx:
        codec = await _find(ctx, id)
        versions = await ctx.session.scalars(
            select(CodecVersion).where(CodecVersion.codec_id == id).order_by(CodecVersion.version.desc()).limit(100)
        )
        history = await page.list(None, _VERSIONS, versions.all())
        examples = await trials.examples(ctx, id)
    return page.show(
        "lorawan/codec.html", codec=codec, form=form, versions=history, examples=examples, shown=shown,
        kind=words.KINDS[codec.kind],
        is_script=codec.kind is CodecKind.JAVASCRIPT,
    )  # fmt: skip


async def _find(ctx: Ctx, id: UUID) -> Codec:
    codec = await ctx.session.find(Codec, id)
    if codec is None:
        raise NotFound
    return codec


async def _trials(page: TownPage, id: UUID, form: Form[SourceForm]) -> list[Shown]:
    value = form.value
    assert value is not None
    async with page.read() as ctx:
        codec, kept = await _find(ctx, id), await trials.examples(ctx, id)
    wanted: list[tuple[Any, bytes, int]] = []
    if value.payload:
        try:
            typed = trials.payload_of(value.payload)
        except DomainError as error:
            form.fail(error)
            return []
        wanted.append((t("Eingegebene Nutzlast", "Typed payload"), typed, value.f_port))
    wanted += [(row.name, row.payload, row.f_port) for row in kept]
    found: list[Shown] = []
    for name, payload, f_port in wanted:
        trial = await trials.run(page.scope, codec.kind, value.source, payload, f_port)
        found.append(Shown(name, payload.hex(), f_port, trial, _excerpt(value.source, trial.line)))
    return found


def _excerpt(source: str, line: int | None) -> list[tuple[int, str, bool]]:
    if line is None:
        return []
    lines = source.splitlines()
    first, last = max(1, line - 2), min(len(lines), line + 2)
    return [(number, lines[number - 1][:200], number == line) for number in range(first, last + 1)]
