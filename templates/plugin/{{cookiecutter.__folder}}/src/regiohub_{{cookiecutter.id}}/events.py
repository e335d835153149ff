"""What happens here, for other plugins. Events carry ids: whoever hears one reads the present state."""

from dataclasses import dataclass
{% if cookiecutter.__ingest %}
from datetime import datetime
{% endif %}
from typing import ClassVar
{% if cookiecutter.table %}
from uuid import UUID
{% endif %}

from regiohub.api import Event
{% if cookiecutter.table %}


@dataclass(frozen=True)
class {{ cookiecutter.__Thing }}Created(Event):
    """A place was added."""

    name: ClassVar[str] = "{{ cookiecutter.id }}.{{ cookiecutter.thing }}_created"
    place_id: UUID


@dataclass(frozen=True)
class {{ cookiecutter.__Thing }}Changed(Event):
    """A place says something else; ``fields`` names what."""

    name: ClassVar[str] = "{{ cookiecutter.id }}.{{ cookiecutter.thing }}_changed"
    place_id: UUID
    fields: list[str]


@dataclass(frozen=True)
class {{ cookiecutter.__Thing }}Removed(Event):
    """A place is no longer there."""

    name: ClassVar[str] = "{{ cookiecutter.id }}.{{ cookiecutter.thing }}_removed"
    place_id: UUID
{% endif %}
{% if cookiecutter.job and cookiecutter.table %}


@dataclass(frozen=True)
class {{ cookiecutter.__Thing }}Outdated(Event):
    """Nobody has confirmed the details of a place for longer than the town wants."""

    name: ClassVar[str] = "{{ cookiecutter.id }}.{{ cookiecutter.thing }}_outdated"
    place_id: UUID
{% endif %}
{% if cookiecutter.job and not cookiecutter.table %}


@dataclass(frozen=True)
class OpenChanged(Event):
    """The opening hours have begun or ended."""

    name: ClassVar[str] = "{{ cookiecutter.id }}.open_changed"
    open: bool
{% endif %}
{% if cookiecutter.__ingest %}


@dataclass(frozen=True)
class Reported(Event):
    """Somebody or something on the spot has told whether a place is open. ``place`` is the id that it goes by there."""

    name: ClassVar[str] = "{{ cookiecutter.id }}.reported"
    place: str
    open: bool
    at: datetime
{% endif %}
