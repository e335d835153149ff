"""Tables: places, and the stretches of the week in which they are open."""

import uuid
{% if cookiecutter.job or cookiecutter.__ingest %}
from datetime import datetime
{% endif %}
from enum import StrEnum
from typing import Any

from regiohub.api import TenantModel, Timestamps, geometry, index, reference, relation, unique
from sqlalchemy.orm import Mapped


class {{ cookiecutter.__Thing }}Kind(StrEnum):
    """What kind of place it is."""

    PLAYGROUND = "playground"
    LIBRARY = "library"
    TOILET = "toilet"
    HOTSPOT = "hotspot"
    DRINKING_WATER = "drinking_water"
    OTHER = "other"


class {{ cookiecutter.__Thing }}(TenantModel, Timestamps):
    """A place that everybody may use.

    ``external_id`` is its id where it came from or is known elsewhere. ``location`` is a point, line or area.
{% if cookiecutter.job %}
    ``checked_at``: when somebody last said that its details are right; ``outdated``: that was too long ago.
{% endif %}
{% if cookiecutter.__ingest %}
    ``reported_open`` with ``reported_at``: what a device or a person on the spot last told.
{% endif %}
    """

    __tablename__ = "{{ cookiecutter.id }}_{{ cookiecutter.thing }}"
    __table_args__ = (unique("external_id"), index("{{ cookiecutter.id }}_{{ cookiecutter.thing }}", "name"))

    name: Mapped[str]
    kind: Mapped[{{ cookiecutter.__Thing }}Kind]
    description: Mapped[str | None]
    address: Mapped[str | None]
    wheelchair: Mapped[bool | None]
    location: Mapped[dict[str, Any] | None] = geometry()
    external_id: Mapped[str | None]
{% if cookiecutter.job %}
    checked_at: Mapped[datetime]
    outdated: Mapped[bool]
{% endif %}
{% if cookiecutter.__ingest %}
    reported_open: Mapped[bool | None]
    reported_at: Mapped[datetime | None]
{% endif %}

    openings: Mapped[list["Opening"]] = relation("Opening", back="place_id")


class Opening(TenantModel):
    """A stretch of a weekday (1 is Monday) in which a place is open, in minutes from midnight."""

    __tablename__ = "{{ cookiecutter.id }}_opening"
    __table_args__ = (unique("place_id", "weekday", "opens"),)

    place_id: Mapped[uuid.UUID] = reference("{{ cookiecutter.id }}_{{ cookiecutter.thing }}", ondelete="CASCADE")
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


TABLES = ({{ cookiecutter.__Thing }}, Opening)
