"""What a town can decide about its appearance in the console."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from regiohub.tenancy.config import Branding
from regiohub.tenancy.config.models import Colour

KEY: Final = "core"
"""Name under which the town's own settings of the platform are kept, beside those of plugins."""


class Appearance(BaseModel):
    """Values set in the console; what is absent follows the town's file. The same rules as there hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    primary: Colour | None = Field(default=None, description="Colour of headers and buttons; white text stands on it.")
    accent: Colour | None = Field(default=None, description="Colour of ornaments; no text stands on it.")
    plain_language: Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)] | None = Field(
        default=None, description="Essentials of the pages in plain language (Leichte Sprache)."
    )
    sign_language_url: (
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^https://\S+$")] | None
    ) = Field(default=None, description="Address of a video in German Sign Language (DGS), with https.")

    def checked(self) -> Appearance:
        """The same; raises ``ValidationError`` where white text could not be read on the primary colour."""
        Branding.model_validate({} if self.primary is None else {"primary": self.primary})
        return self
