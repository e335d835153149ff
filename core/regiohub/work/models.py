"""How far a long work is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import TenantModel, Timestamps
from regiohub.db.keys import index
from regiohub.texts import Text


class WorkState(StrEnum):
    """Where a work stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Work(TenantModel, Timestamps):
    """A long work of a town: ``done`` and ``failed`` of ``total`` parts. ``kind`` is "<plugin>.<work>"."""

    __tablename__ = "core_work"

    kind: Mapped[str]
    title_de: Mapped[str]
    title_en: Mapped[str]
    state: Mapped[WorkState]
    total: Mapped[int] = mapped_column(sa.Integer())
    done: Mapped[int] = mapped_column(sa.Integer())
    failed: Mapped[int] = mapped_column(sa.Integer())
    note_de: Mapped[str | None]
    note_en: Mapped[str | None]
    finished_at: Mapped[datetime | None]

    __table_args__ = (index("core_work", "kind", "state"),)

    @property
    def title(self) -> Text:
        """What is being done."""
        return Text(self.title_de, self.title_en)

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self.state is WorkState.RUNNING

    @property
    def percent(self) -> int:
        """How much is behind us, 0 to 100."""
        return 100 if self.total == 0 else min(100, (self.done + self.failed) * 100 // self.total)

    @property
    def words(self) -> Text:
        """Where it stands, in a sentence."""
        if self.note_de and self.note_en and not self.is_running:
            return Text(self.note_de, self.note_en)
        faults = Text(f", {self.failed} fehlgeschlagen", f", {self.failed} failed") if self.failed else None
        return Text(
            f"{self.done} von {self.total} erledigt{faults.de if faults else ''}",
            f"{self.done} of {self.total} done{faults.en if faults else ''}",
        )
