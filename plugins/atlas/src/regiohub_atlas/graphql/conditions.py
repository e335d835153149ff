"""Conditions of the filters, shared by the town's and the region's lists."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from regiohub.api import BboxInput, Ctx, NearInput
from regiohub_atlas.models import Procedure, ProcedureKind, ProcedureStatus
from regiohub_atlas.service.filtering import has_topic, meets, within
from regiohub_atlas.service.status import has_status, today


def status_is(wanted: Sequence[ProcedureStatus], ctx: Ctx) -> Any:
    """One of the statuses today; an empty list asks for nothing in particular."""
    return has_status(wanted, today(ctx)) if wanted else None


def kind_is(wanted: Sequence[ProcedureKind]) -> Any:
    """One of the kinds."""
    return Procedure.kind.in_(sorted(set(wanted))) if wanted else None


def topic_is(wanted: Sequence[str]) -> Any:
    """At least one of the topics."""
    return has_topic(wanted) if wanted else None


def is_near(wanted: NearInput) -> Any:
    """Within metres of a point."""
    return within(wanted.lon, wanted.lat, wanted.metres)


def in_box(wanted: BboxInput) -> Any:
    """In a box on the map."""
    return meets(wanted.west, wanted.south, wanted.east, wanted.north)


def runs_at(wanted: date) -> Any:
    """Running on a day."""
    return has_status([ProcedureStatus.RUNNING], wanted)


def is_published(wanted: bool) -> Any:
    """Published, or a draft."""
    return Procedure.published_at.is_not(None) if wanted else Procedure.published_at.is_(None)
