"""Which places are wanted."""

from typing import Any

from regiohub.api import BboxInput, NearInput, filters, where
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from regiohub_{{ cookiecutter.id }}.service.filtering import around, contains, has_kind, inside, is_open

from .kinds import {{ cookiecutter.__Thing }}Kind


def _near(wanted: NearInput) -> Any:
    return around(wanted.lon, wanted.lat, wanted.metres)


def _box(wanted: BboxInput) -> Any:
    return inside(wanted.west, wanted.south, wanted.east, wanted.north)


@filters({{ cookiecutter.__Thing }})
class {{ cookiecutter.__Thing }}Filter:
    """Which places are wanted; what has no location never lies near a point or in a box."""

    kind: list[{{ cookiecutter.__Thing }}Kind] | None = where("One of these kinds.", has_kind)
    text: str | None = where("A part of name, address or description; case does not matter.", contains)
    open_now: bool | None = where("Only what is open at this moment, or only what is closed.", is_open)
    wheelchair: bool | None = where("Only what can be used with a wheelchair, or only what cannot.", {{ cookiecutter.__Thing }}.wheelchair)
    near: NearInput | None = where("Within metres of a point.", _near)
    bbox: BboxInput | None = where("In a box on the map.", _box)
{% if cookiecutter.job %}
    outdated: bool | None = where("Only what nobody has confirmed for long, or none of it.", {{ cookiecutter.__Thing }}.outdated)
{% endif %}
