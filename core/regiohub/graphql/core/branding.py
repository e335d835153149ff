"""How the town's pages look, for everybody who builds for the town; changed by its admins."""

from __future__ import annotations

import base64
from typing import Any

from strawberry.types.unset import UNSET

from regiohub.auth.permissions import TENANT_SETTINGS
from regiohub.errors import InvalidInput
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.operations import mutation
from regiohub.graphql.authoring.types import input_type, value
from regiohub.tenancy import appearance
from regiohub.tenancy.context import Ctx
from regiohub.texts import t

from .inputs import given


@value
class BrandingType:
    """Colours, logo and the texts that the law wants on the start page."""

    primary: str | None = column("Colour of headers and buttons, #rrggbb; white text can be read on it.")
    accent: str | None = column("Colour of ornaments, #rrggbb.")
    logo: str | None = column("Address of the logo within the platform; null without one.")
    plain_language: str | None = column("Essentials in plain German (Leichte Sprache), where the town gives them.")
    sign_language_url: str | None = column("Address of a video in German Sign Language, where there is one.")


@input_type
class BrandingInput:
    """Values to change. What is left out stays; null follows the town's file again."""

    primary: str | None = column("Colour of headers and buttons, #rrggbb.", default=UNSET)
    accent: str | None = column("Colour of ornaments, #rrggbb.", default=UNSET)
    plain_language: str | None = column("Essentials in plain German, at most 10,000 characters.", default=UNSET)
    sign_language_url: str | None = column("Address of a video, with https.", default=UNSET)


def branding_of(ctx: Any, changes: dict[str, Any] | None = None) -> BrandingType:
    """The town's branding as it is, or as it is after the changes of this unit of work."""
    town = ctx.tenant
    found = {**town.branding, **{name: new for name, new in (changes or {}).items() if new is not None}}
    logo = appearance.logo_path(ctx.platform, town)
    return BrandingType(
        primary=found.get("primary"), accent=found.get("accent"), logo=f"/{town.slug}/logo" if logo else None,
        plain_language=found.get("plain_language"), sign_language_url=found.get("sign_language_url"),
    )  # fmt: skip


@mutation("Changes colours and texts of the town's pages.", permission=TENANT_SETTINGS, returns="branding")
async def change_branding(ctx: Ctx, input: BrandingInput) -> BrandingType:
    changes = given(input)
    await appearance.change_appearance(ctx, changes)
    return branding_of(ctx, changes)


@mutation(
    "Puts a logo in place: a PNG image, or an SVG drawing that runs and loads nothing; at most 256 KiB.",
    permission=TENANT_SETTINGS,
    args={"base64": "The file, in Base64."},
)
async def upload_logo(ctx: Ctx, base64: str) -> None:
    await appearance.set_logo(ctx, _decoded(base64))


@mutation("Removes the uploaded logo; that of the town's file holds again.", permission=TENANT_SETTINGS)
async def remove_logo(ctx: Ctx) -> None:
    await appearance.remove_logo(ctx)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error is one; letters beyond ASCII are told as another
        raise InvalidInput(t("Das ist kein gültiges Base64.", "This is not valid Base64."), field="logo") from None


MUTATIONS = (change_branding, upload_logo, remove_logo)
