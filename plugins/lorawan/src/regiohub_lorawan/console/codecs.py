"""Codecs: the list, and a new one."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, func, select
from starlette.responses import Response

from regiohub.api import Ctx, t
from regiohub.api.console import Column, Filter, FormModel, Listing, TownPage, asked
from regiohub_lorawan.console import words
from regiohub_lorawan.models import Codec, Profile
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.permissions import MANAGE, VIEW
from regiohub_lorawan.service import catalogue

router = APIRouter()

_SKELETON = """function decodeUplink(input) {
  // input.bytes, input.fPort, input.recvTime, input.variables
  return { data: { temperature: ((input.bytes[0] << 8) | input.bytes[1]) / 10 } };
}
"""
_CODECS = Listing(
    "codecs",
    t("Decoder", "Codecs"),
    columns=(
        Column("name", t("Name", "Name"), lambda r: r.Codec.name, sort=Codec.name, link=lambda r: f"codecs/{r[0].id}"),
        Column("kind", t("Art", "Kind"), lambda r: words.KINDS[r.Codec.kind], sort=Codec.kind),
        Column(
            "version", t("Version", "Version"), lambda r: r.Codec.current_version or None, sort=Codec.current_version,
            numeric=True,
        ),
        Column("profiles", t("Profile", "Profiles"), lambda r: r.profiles, numeric=True),
        Column("changed", t("Geändert", "Changed"), lambda r: r.Codec.updated_at, sort=Codec.updated_at),
    ),
    filters=(
        Filter.text("q", t("Name", "Name"), lambda value: Codec.name.icontains(value, autoescape=True)),
        Filter.choice(
            "kind", t("Art", "Kind"), words.choices(words.KINDS), lambda value: Codec.kind == CodecKind(value)
        ),
    ),
    order="name",
    last=Codec.id,
    empty=t("Noch gibt es keinen Decoder.", "There is no codec yet."),
)  # fmt: skip


class NewCodec(FormModel):
    """A codec to be made."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    kind: CodecKind = asked(t("Art", "Kind"), default=CodecKind.JAVASCRIPT, choices=tuple(words.choices(words.KINDS)))
    source: str = asked(t("Quelltext (nur JavaScript)", "Script (JavaScript only)"), default="", kind="code", rows=14)
    note: str = asked(t("Woher stammt er?", "Where does it come from?"), default="", max_length=500)


@router.get("/codecs")
async def codecs(page: TownPage) -> Response:
    """All codecs."""
    page.require(VIEW)
    used = (
        select(func.count())
        .where(and_(Profile.tenant_id == Codec.tenant_id, Profile.codec_id == Codec.id))
        .correlate(Codec)
        .scalar_subquery()
    )
    async with page.read() as ctx:
        found = await page.list(ctx, _CODECS, select(Codec, used.label("profiles")))
    return page.show("lorawan/codecs.html", codecs=found, may_manage=page.can(MANAGE))


@router.get("/codecs/new")
async def new(page: TownPage) -> Response:
    """The form, with a script to begin with."""
    page.require(MANAGE)
    return page.show("lorawan/codec_new.html", form=page.form(NewCodec, {"source": _SKELETON, "kind": "javascript"}))


@router.post("/codecs/new")
async def create(page: TownPage) -> Response:
    """Make the codec."""
    page.require(MANAGE)
    form, made = await page.posted(NewCodec), list[UUID]()

    async def work(ctx: Ctx, value: NewCodec) -> None:
        source = value.source if value.kind is CodecKind.JAVASCRIPT else None
        made.append((await catalogue.create_codec(ctx, value.name, value.kind, source, value.note or None)).id)

    if await page.submit(form, work):
        return page.done(t("Der Decoder ist angelegt.", "The codec is made."), page.url("codecs", made[-1]))
    return page.show("lorawan/codec_new.html", form=form)
