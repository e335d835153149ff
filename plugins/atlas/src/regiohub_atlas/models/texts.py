"""The same procedure in other words: translations, plain and easy language."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, unique

from .enums import TextState, TextVariety


class ProcedureText(TenantModel, Timestamps):
    """A text of a procedure in a variety and a language (two or three letters, BCP 47).

    ``draft_*`` is what staff work on and ``state`` is its state; ``title``, ``summary`` and ``body`` are what residents
    see since ``published_at``. ``outdated``: the German original has changed since the text was last looked at.
    """

    __tablename__ = "atlas_text"
    __table_args__ = (unique("procedure_id", "variety", "language"), index("atlas_text", "state"))

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    variety: Mapped[TextVariety]
    language: Mapped[str]
    state: Mapped[TextState]
    outdated: Mapped[bool]
    draft_title: Mapped[str | None]
    draft_summary: Mapped[str | None]
    draft_body: Mapped[str | None]
    title: Mapped[str | None]
    summary: Mapped[str | None]
    body: Mapped[str | None]
    published_at: Mapped[datetime | None]
