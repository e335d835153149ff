"""Events: facts that happened in one town, stated as frozen dataclasses, stored as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python


@dataclass(frozen=True)
class Event:
    """Base of all events.

    Subclass it as a frozen dataclass whose fields are JSON-able (str, int, float, bool, UUID, datetime, Decimal,
    lists and dictionaries of these), and give it a name of the form ``<plugin>.<what happened>``::

        @dataclass(frozen=True)
        class BookingConfirmed(Event):
            name: ClassVar[str] = "booking.confirmed"
            booking_id: UUID

    Events carry ids rather than content: a handler reads the present state in its own unit of work.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1

    @classmethod
    def upgrade(cls, payload: dict[str, Any], version: int) -> dict[str, Any]:
        """Turn the fields stored by an earlier ``version`` into today's; called only when the versions differ."""
        del version
        return payload

    def to_payload(self) -> dict[str, Any]:
        """The fields as JSON-able values: ids and moments become text."""
        return to_jsonable_python(self)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], version: int) -> Self:
        """The event again. Unknown fields are ignored, so that an older process reads newer events.

        :raises pydantic.ValidationError: a field is missing or of another type.
        """
        fields = dict(payload) if version == cls.version else cls.upgrade(dict(payload), version)
        return _adapter(cls).validate_python(fields)


@cache
def _adapter(event: type[Event]) -> TypeAdapter[Any]:
    return TypeAdapter(event)


def event_name(event: type[Event]) -> str:
    """The name of an event type.

    :raises TypeError: the type is not a frozen dataclass with a name ``<plugin>.<event>``.
    """
    name = getattr(event, "name", None)
    if not isinstance(name, str) or name.count(".") < 1:
        raise TypeError(f"{event.__qualname__}: give it a name of the form '<plugin>.<event>' as a ClassVar")
    if "__dataclass_params__" not in event.__dict__ or not is_dataclass(event):
        raise TypeError(f"{event.__qualname__}: decorate it with @dataclass(frozen=True)")
    return name
