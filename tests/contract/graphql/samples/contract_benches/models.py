"""Tables of the sample."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, reference, relation, unique


class Park(TenantModel):
    """A park."""

    __tablename__ = "benches_park"
    __table_args__ = (unique("slug"),)

    slug: Mapped[str]
    benches: Mapped[list[Bench]] = relation("Bench", back="park_id")


class Bench(TenantModel):
    """A bench; `note` is for staff."""

    __tablename__ = "benches_park_bench"

    park_id: Mapped[UUID] = reference("benches_park")
    name: Mapped[str]
    note: Mapped[str | None]
    park: Mapped[Park] = relation("Park", by="park_id")


class Report(TenantModel):
    """What a resident says about a bench."""

    __tablename__ = "benches_report"

    bench_id: Mapped[UUID] = reference("benches_park_bench")
    subject: Mapped[str]
    words: Mapped[str]


class Hint(TenantModel):
    """What somebody without an account suggests."""

    __tablename__ = "benches_hint"

    email: Mapped[str]
    advice: Mapped[str]
