"""Towns at a glance, one town, and a new one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import REGION_READ, REGION_TOWNS
from regiohub.console.dependencies import RegionPage
from regiohub.console.forms import FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.errors import DomainError, NotFound
from regiohub.region.overview import TownState, overview
from regiohub.region.towns import add_town
from regiohub.texts import t

router = APIRouter()

_TONES = {"good": t("in Ordnung", "fine"), "warn": t("auffällig", "with findings"), "bad": t("gestört", "faulty")}

TOWNS = Listing(
    "towns",
    t("Kommunen", "Towns"),
    columns=(
        Column(
            "name",
            t("Kommune", "Town"),
            lambda row: Cell(row.town.short_name, note=row.town.programme),
            sort=lambda row: row.town.short_name,
            link=lambda row: f"/console/region/towns/{row.town.slug}",
        ),
        Column(
            "state",
            t("Zustand", "State"),
            lambda row: Cell(_TONES[row.tone], badge=row.tone, note=_reason(row)),
            sort=lambda row: ("bad", "warn", "good").index(row.tone),
        ),
        Column(
            "plugins",
            t("Plugins", "Plugins"),
            lambda row: len(row.town.enabled),
            sort=lambda row: len(row.town.enabled),
            numeric=True,
        ),
        Column(
            "measures",
            t("Maßnahmen", "Measures"),
            lambda row: row.measures,
            sort=lambda row: row.measures,
            numeric=True,
        ),
        Column("waiting", t("Wartet", "Waiting"), lambda row: row.waiting, sort=lambda row: row.waiting, numeric=True),
        Column("dead", t("Aufgegeben", "Given up"), lambda row: row.dead, sort=lambda row: row.dead, numeric=True),
        Column(
            "jobs",
            t("Arbeiten mit Fehlern", "Failing jobs"),
            lambda row: row.failing_jobs,
            sort=lambda row: row.failing_jobs,
            numeric=True,
        ),
        Column(
            "changed",
            t("Letzte Änderung", "Last change"),
            lambda row: row.last_change,
            sort=lambda row: row.last_change and row.last_change.timestamp(),
        ),
    ),
    filters=(
        Filter.text("q", t("Name", "Name"), lambda value: lambda row: value.casefold() in row.town.name.casefold()),
        Filter.choice(
            "state", t("Zustand", "State"), tuple(_TONES.items()), lambda value: lambda row: row.tone == value
        ),
    ),
    order="name",
    empty=t("Noch keine Kommune.", "No town yet."),
)


class NewTown(FormModel):
    """Facts of a new town."""

    slug: str = asked(
        t("Kurzname", "Slug"),
        min_length=2,
        max_length=40,
        help=t(
            "Steht in Adressen: Kleinbuchstaben, Ziffern, Bindestriche.",
            "Stands in addresses: lower-case letters, digits, hyphens.",
        ),
    )
    name: str = asked(t("Amtlicher Name", "Official name"), min_length=1, max_length=200)
    short_name: str = asked(t("Kurz genannt", "Name as people say it"), min_length=1, max_length=100)
    ags: str = asked(
        t("Amtlicher Gemeindeschlüssel", "Official municipality key"),
        pattern=r"^[0-9]{8}$",
        help=t("Acht Ziffern.", "Eight digits."),
    )
    state: str = asked(t("Bundesland", "State"), kind="choice")
    lon: float = asked(t("Geografische Länge der Mitte", "Longitude of the centre"), ge=-180, le=180, unit="°")
    lat: float = asked(t("Geografische Breite der Mitte", "Latitude of the centre"), ge=-90, le=90, unit="°")
    population: int | None = asked(t("Einwohnerzahl", "Residents"), default=None, gt=0)
    office: str | None = asked(t("Zuständige Stelle", "Office in charge"), default=None, max_length=200)
    plugins: list[str] = asked(t("Plugins", "Plugins"), default=[], kind="several")


_STATES = (
    ("BW", "Baden-Württemberg"),
    ("BY", "Bayern"),
    ("BE", "Berlin"),
    ("BB", "Brandenburg"),
    ("HB", "Bremen"),
    ("HH", "Hamburg"),
    ("HE", "Hessen"),
    ("MV", "Mecklenburg-Vorpommern"),
    ("NI", "Niedersachsen"),
    ("NW", "Nordrhein-Westfalen"),
    ("RP", "Rheinland-Pfalz"),
    ("SL", "Saarland"),
    ("SN", "Sachsen"),
    ("ST", "Sachsen-Anhalt"),
    ("SH", "Schleswig-Holstein"),
    ("TH", "Thüringen"),
)


@router.get("/towns")
async def towns(page: RegionPage) -> Response:
    """All towns with their health."""
    page.require(REGION_READ)
    states = await overview(page.platform, page.person)
    found = await page.list(None, TOWNS, states)
    tones = [state.tone for state in states]
    counts = [(words, tones.count(tone), tone) for tone, words in _TONES.items()]
    return page.show("region/towns.html", towns=found, counts=counts, may_add=page.can(REGION_TOWNS))


@router.get("/towns/new")
async def new_town(page: RegionPage) -> Response:
    """The form."""
    page.require(REGION_TOWNS)
    form = page.form(NewTown)
    _offer(page, form)
    return page.show("region/new_town.html", form=form)


@router.post("/towns/new")
async def create(page: RegionPage) -> Response:
    """Take the town in."""
    page.require(REGION_TOWNS)
    form = await page.posted(NewTown)
    _offer(page, form)
    if form.value is not None:
        facts = form.value.model_dump(exclude_none=True)
        facts["centre"] = [facts.pop("lon"), facts.pop("lat")]
        facts["enable"] = facts.pop("plugins")
        try:
            town = await add_town(page.platform, page.person, facts)
        except DomainError as error:
            form.fail(error)
        else:
            words = t(f"{town.name} ist aufgenommen.", f"{town.name} has been added.")
            return page.done(words, f"/console/region/towns/{town.slug}")
    return page.show("region/new_town.html", form=form)


@router.get("/towns/{slug}")
async def town(page: RegionPage, slug: str) -> Response:
    """One town: what works, what was found."""
    page.require(REGION_READ)
    wanted = page.platform.tenants.get(slug)
    if wanted is None:
        raise NotFound
    (state,) = await overview(page.platform, page.person, [wanted])
    plugins = {id_: plugin for id_, plugin in page.platform.plugins.healthy.items() if id_ in state.town.enabled}
    return page.show("region/town.html", state=state, plugins=plugins, tones=_TONES)


def _offer(page: RegionPage, form: object) -> None:
    from regiohub.console.forms import Form

    assert isinstance(form, Form)
    form.choices("state", _STATES)
    form.choices("plugins", [(id_, plugin.title) for id_, plugin in page.platform.plugins.healthy.items()])


def _reason(row: TownState) -> object:
    return row.words if row.tone != "good" else None
