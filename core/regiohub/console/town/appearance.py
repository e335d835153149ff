"""Branding: colours, logo, and the two texts that the law wants on the start page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import TENANT_SETTINGS
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.page import Page
from regiohub.errors import DomainError
from regiohub.tenancy.appearance import change_appearance, logo_path, remove_logo, set_logo
from regiohub.tenancy.appearance.logo import MOST_BYTES
from regiohub.tenancy.appearance.service import LOGO_FILE
from regiohub.texts import Text, t

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Slot:
    """A text that the start page must have, and what is said while it is missing."""

    name: str
    missing: Text


SLOTS: Final = (
    Slot(
        "plain_language",
        t(
            "Auf der Startseite fehlen Erläuterungen in Leichter Sprache.",
            "The start page lacks explanations in plain language (Leichte Sprache).",
        ),
    ),
    Slot(
        "sign_language_url",
        t(
            "Auf der Startseite fehlt ein Video in Deutscher Gebärdensprache.",
            "The start page lacks a video in German Sign Language.",
        ),
    ),
)
_COLOUR: Final = r"^#[0-9a-fA-F]{6}$"


class BrandingForm(FormModel):
    """Colours and texts."""

    primary: str = asked(
        t("Hauptfarbe", "Primary colour"),
        kind="colour",
        pattern=_COLOUR,
        help=t(
            "Für Kopfzeile und Knöpfe. Weiße Schrift muss darauf lesbar sein (Kontrast 4,5 : 1).",
            "For headers and buttons. White text must be readable on it (contrast 4.5:1).",
        ),
    )
    accent: str = asked(
        t("Schmuckfarbe", "Accent colour"),
        kind="colour",
        pattern=_COLOUR,
        help=t("Für Linien und Flächen ohne Schrift.", "For lines and areas without text."),
    )
    plain_language: str = asked(
        t("Leichte Sprache", "Plain language (Leichte Sprache)"),
        default="",
        kind="textarea",
        rows=8,
        max_length=10_000,
        help=t(
            "Worum es auf diesen Seiten geht, in kurzen, einfachen Sätzen. Absätze durch eine leere Zeile trennen.",
            "What these pages are about, in short and simple German sentences. Separate paragraphs by an empty line.",
        ),
    )
    sign_language_url: str = asked(
        t("Video in Gebärdensprache (Adresse)", "Video in sign language (address)"),
        default="",
        max_length=500,
        pattern=r"^(https://\S+)?$",
        help=t("Beginnt mit https://.", "Begins with https://."),
    )


@router.get("/branding")
async def show(page: TownPage) -> Response:
    """The form with what holds now."""
    page.require(TENANT_SETTINGS)
    return _page(page, page.form(BrandingForm, _present(page)))


@router.post("/branding")
async def save(page: TownPage) -> Response:
    """Save what differs from what holds now."""
    page.require(TENANT_SETTINGS)
    form, present = await page.posted(BrandingForm), _present(page)

    async def work(ctx: Any, value: BrandingForm) -> None:
        given = value.model_dump()
        await change_appearance(ctx, {name: given[name] for name in given if given[name] != present[name]})

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.town_url("branding"))
    return _page(page, form)


@router.post("/branding/reset")
async def reset(page: TownPage) -> Response:
    """Colours of the town's file again."""
    page.require(TENANT_SETTINGS)
    await page.act(lambda ctx: change_appearance(ctx, {"primary": None, "accent": None}))
    words = t("Es gelten wieder die Farben aus der Datei der Kommune.", "The colours of the town's file hold again.")
    return page.done(words, page.town_url("branding"))


@router.post("/branding/logo")
async def upload(page: TownPage) -> Response:
    """Take a new logo."""
    page.require(TENANT_SETTINGS)
    file = page.file("logo")
    # One byte more than is allowed shows that it is too large.
    data = await file.read(MOST_BYTES + 1) if file else b""
    try:
        await page.act(lambda ctx: set_logo(ctx, data))
    except DomainError as fault:
        words = fault.message if file else t("Bitte eine Datei wählen.", "Please choose a file.")
        return _page(page, page.form(BrandingForm, _present(page)), words)
    return page.done(t("Das neue Logo ist zu sehen.", "The new logo is in place."), page.town_url("branding"))


@router.post("/branding/logo/remove")
async def remove(page: TownPage) -> Response:
    """Go back to the logo of the town's file."""
    page.require(TENANT_SETTINGS)
    await page.act(remove_logo)
    return page.done(t("Das Logo ist entfernt.", "The logo has been removed."), page.town_url("branding"))


def _present(page: Page) -> dict[str, str]:
    branding = page.town.branding
    return {name: str(branding.get(name) or "") for name in BrandingForm.model_fields}


def _page(page: Page, form: Form[BrandingForm], logo_fault: Text | None = None) -> Response:
    branding = page.town.branding
    return page.show(
        "town/branding.html",
        form=form,
        logo_fault=logo_fault,
        status=422 if logo_fault or form.is_faulty else None,
        has_logo=logo_path(page.platform, page.town) is not None,
        uploaded=branding.get(LOGO_FILE),
        missing=[slot.missing for slot in SLOTS if not branding.get(slot.name)],
    )
