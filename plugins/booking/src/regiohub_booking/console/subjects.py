"""A house or a resource as one value of a list to choose from: `place-<id>`, `resource-<id>`."""

from uuid import UUID

SUBJECT = r"^(place|resource)-[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
"""What such a value looks like, for fields of forms."""


def place_and_resource(subject: str) -> tuple[UUID | None, UUID | None]:
    """The identifiers of house and resource that a value of that form names: one of them is None."""
    kind, _, key = subject.partition("-")
    return (UUID(key), None) if kind == "place" else (None, UUID(key))
