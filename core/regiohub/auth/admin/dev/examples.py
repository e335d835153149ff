"""The people whom a development installation begins with: everybody whom the console knows, for each town."""

from __future__ import annotations

from collections.abc import Sequence

from .records import DevPerson

_STAFF = (
    ("tenant-admin", "admin", "Anna"),
    ("editor", "redaktion", "Emil"),
    ("coordinator", "koordination", "Kurt"),
    ("caretaker", "hausmeister", "Karla"),
    ("auditor", "revision", "Vera"),
)


def people_of_the_region() -> Sequence[DevPerson]:
    """Who belongs to no town: the region's two roles, and somebody who has none at all."""
    return (
        _person("region", "region@regiohub.example", "Rita", "Region", regional=("regional-admin",)),
        _person("revision", "revision@regiohub.example", "Rolf", "Region", regional=("regional-auditor",)),
        _person("person", "person@regiohub.example", "Paula", "Person"),
    )


def people_of(slug: str, short_name: str) -> Sequence[DevPerson]:
    """One person for each staff role of a town."""
    return tuple(
        DevPerson(
            subject=f"{role}-{slug}",
            email=f"{local}@{slug}.example",
            first_name=first,
            last_name=short_name,
            towns={slug: (f"/{role}s",)},
        )
        for role, local, first in _STAFF
    )


def person_of_two(first: str, second: str) -> DevPerson:
    """Somebody who works for two towns, in another role in each."""
    return DevPerson(
        subject="zwei-staedte",
        email="zoe@regiohub.example",
        first_name="Zoe",
        last_name="Zweistadt",
        towns={first: ("/editors",), second: ("/coordinators",)},
    )


def _person(subject: str, email: str, first: str, last: str, regional: tuple[str, ...] = ()) -> DevPerson:
    return DevPerson(subject=subject, email=email, first_name=first, last_name=last, regional=regional)
