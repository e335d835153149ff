"""Inputs of the mutations, and how they become plain values for the service."""

from dataclasses import fields
from typing import Any

from regiohub.api import UNSET, GeoJSON, column, input_type

from .kinds import {{ cookiecutter.__Thing }}Kind

_HOURS = "Weekly opening hours: `Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-13:00`, or `24/7`."


@input_type
class {{ cookiecutter.__Thing }}Input:
    """A new place."""

    name: str = column("Name, up to 200 characters.")
    kind: {{ cookiecutter.__Thing }}Kind = column("What kind of place it is.")
    description: str | None = column("More about it.", default=None)
    address: str | None = column("Street, number and place.", default=None)
    wheelchair: bool | None = column("Whether it can be used with a wheelchair; null if nobody knows.", default=None)
    location: GeoJSON | None = column("Point, line or area (GeoJSON, WGS 84).", default=None)
    hours: str | None = column(_HOURS, default=None)
    external_id: str | None = column("Its id elsewhere, unique in the town.", default=None)


@input_type
class {{ cookiecutter.__Thing }}ChangeInput:
    """What is to be different; what is left out stays, null empties."""

    name: str | None = column("Name, up to 200 characters.", default=UNSET)
    kind: {{ cookiecutter.__Thing }}Kind | None = column("What kind of place it is.", default=UNSET)
    description: str | None = column("More about it.", default=UNSET)
    address: str | None = column("Street, number and place.", default=UNSET)
    wheelchair: bool | None = column("Whether it can be used with a wheelchair; null if nobody knows.", default=UNSET)
    location: GeoJSON | None = column("Point, line or area (GeoJSON, WGS 84).", default=UNSET)
    hours: str | None = column(_HOURS, default=UNSET)
    external_id: str | None = column("Its id elsewhere, unique in the town.", default=UNSET)


def values_of(given: {{ cookiecutter.__Thing }}Input | {{ cookiecutter.__Thing }}ChangeInput) -> dict[str, Any]:
    """The values that were given, by the names of the service."""
    found = {entry.name: getattr(given, entry.name) for entry in fields(given)}
    return {name: value for name, value in found.items() if value is not UNSET}
