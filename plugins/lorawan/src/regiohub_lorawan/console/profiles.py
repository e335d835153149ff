"""Device profiles: the list, a new one, what its values mean."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import and_, func, select
from starlette.responses import Response

from regiohub.api import Ctx, t
from regiohub.api.console import Column, Filter, Form, FormModel, Listing, TownPage, asked
from regiohub_lorawan.console import words
from regiohub_lorawan.console.device import limits
from regiohub_lorawan.console.mappings import MappingFields
from regiohub_lorawan.models import Codec, Device, Mapping, Profile
from regiohub_lorawan.permissions import MANAGE, VIEW
from regiohub_lorawan.service import catalogue, profiles

router = APIRouter()

_PROFILES = Listing(
    "profiles",
    t("Geräteprofile", "Device profiles"),
    columns=(
        Column(
            "name", t("Name", "Name"), lambda r: r.Profile.name, sort=Profile.name, link=lambda r: f"profiles/{r[0].id}"
        ),
        Column("maker", t("Hersteller", "Maker"), lambda r: r.Profile.manufacturer, sort=Profile.manufacturer),
        Column("model", t("Modell", "Model"), lambda r: r.Profile.model, sort=Profile.model),
        Column("codec", t("Decoder", "Codec"), lambda r: r.codec, sort=Codec.name),
        Column("devices", t("Geräte", "Devices"), lambda r: r.devices, numeric=True),
    ),
    filters=(Filter.text("q", t("Name", "Name"), lambda value: Profile.name.icontains(value, autoescape=True)),),
    order="name",
    last=Profile.id,
    empty=t("Noch gibt es kein Geräteprofil.", "There is no device profile yet."),
)
_MAPPINGS = Listing(
    "mappings",
    t("Werte", "Values"),
    columns=(
        Column("title", t("Messwert", "Value"), lambda r: r.title, sort=lambda r: r.title),
        Column("path", t("Pfad", "Path"), lambda r: r.path, sort=lambda r: r.path),
        Column("property", t("Merkmal", "Property"), lambda r: r.observed_property),
        Column("unit", t("Einheit", "Unit"), lambda r: words.unit_label(r.unit) or r.unit),
        Column("limits", t("Plausibel", "Plausible"), limits),
        Column("interval", t("Erwartet alle", "Expected every"), lambda r: words.interval(r.expected_interval_s)),
    ),
    order="path",
)


class ProfileForm(FormModel):
    """A profile as it shall be."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    codec_id: UUID = asked(t("Decoder", "Codec"), kind="choice")
    manufacturer: str = asked(t("Hersteller", "Maker"), default="", max_length=200)
    model: str = asked(t("Modell", "Model"), default="", max_length=200)


class NewProfile(ProfileForm, MappingFields):
    """A profile to be made, with its first value."""


@router.get("/profiles")
async def all_profiles(page: TownPage) -> Response:
    """All profiles."""
    page.require(VIEW)
    used = (
        select(func.count())
        .where(and_(Device.tenant_id == Profile.tenant_id, Device.profile_id == Profile.id))
        .correlate(Profile)
        .scalar_subquery()
    )
    statement = select(Profile, Codec.name.label("codec"), used.label("devices")).join(
        Codec, and_(Codec.tenant_id == Profile.tenant_id, Codec.id == Profile.codec_id)
    )
    async with page.read() as ctx:
        found = await page.list(ctx, _PROFILES, statement)
    return page.show("lorawan/profiles.html", profiles=found, may_manage=page.can(MANAGE))


@router.get("/profiles/new")
async def new(page: TownPage) -> Response:
    """The form."""
    page.require(MANAGE)
    return await _show_new(page, page.form(NewProfile))


@router.post("/profiles/new")
async def create(page: TownPage) -> Response:
    """Make the profile."""
    page.require(MANAGE)
    form, made = await page.posted(NewProfile), list[UUID]()

    async def work(ctx: Ctx, value: NewProfile) -> None:
        profile = await catalogue.create_profile(
            ctx, value.name, value.codec_id, [value.plan()], manufacturer=value.manufacturer or None,
            model=value.model or None,
        )  # fmt: skip
        made.append(profile.id)

    if await page.submit(form, work):
        words_ = t(
            "Das Profil ist angelegt. Weitere Werte können Sie hier ergänzen.",
            "The profile is made. You can add further values here.",
        )
        return page.done(words_, page.url("profiles", made[-1]))
    return await _show_new(page, form)


async def _show_new(page: TownPage, form: Form[NewProfile]) -> Response:
    async with page.read() as ctx:
        codecs = await catalogue.codec_names(ctx)
    form.choices("codec_id", [(str(id_), name) for id_, name in codecs])
    return page.show("lorawan/profile_new.html", form=form, has_codecs=bool(codecs))


@router.get("/profiles/{id}")
async def show(page: TownPage, id: UUID) -> Response:
    """A profile, its values, and the form to change it."""
    page.require(VIEW)
    async with page.read() as ctx:
        profile = await profiles.find(ctx, id)
    return await _show(page, id, page.form(ProfileForm, {name: getattr(profile, name) or "" for name in _FIELDS}))


_FIELDS = ("name", "codec_id", "manufacturer", "model")


@router.post("/profiles/{id}")
async def save(page: TownPage, id: UUID) -> Response:
    """Change name, maker, model and codec."""
    page.require(MANAGE)
    form = await page.posted(ProfileForm)

    async def work(ctx: Ctx, value: ProfileForm) -> None:
        await profiles.update_profile(
            ctx, id, name=value.name, codec_id=value.codec_id, manufacturer=value.manufacturer, model=value.model
        )

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("profiles", id))
    return await _show(page, id, form)


async def _show(page: TownPage, id: UUID, form: Form[ProfileForm]) -> Response:
    async with page.read() as ctx:
        profile = await profiles.find(ctx, id)
        codecs = await catalogue.codec_names(ctx)
        rows = (await ctx.session.scalars(select(Mapping).where(Mapping.profile_id == id))).all()
        found = await page.list(None, _MAPPINGS, rows)
        devices = await ctx.session.scalar(select(func.count()).select_from(Device).where(Device.profile_id == id))
    form.choices("codec_id", [(str(id_), name) for id_, name in codecs])
    return page.show(
        "lorawan/profile.html", profile=profile, form=form, mappings=found, devices=devices or 0,
        codec=dict(codecs).get(profile.codec_id), may_manage=page.can(MANAGE), words=words,
    )  # fmt: skip
