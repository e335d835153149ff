"""Values as raw SQL needs them; the ORM's types do this for models."""

from datetime import UTC, datetime
from uuid import UUID

from regiohub.api import TenantSession


def moment(session: TenantSession, value: datetime) -> datetime | str:
    """A moment as the platform's columns store it: timestamptz, or fixed-width ISO text on SQLite."""
    utc = value.astimezone(UTC)
    return utc if session.dialect == "postgresql" else utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def identifier(session: TenantSession, value: UUID) -> UUID | str:
    """An id as the platform's columns store it: uuid, or dashed text on SQLite."""
    return value if session.dialect == "postgresql" else str(value)


def to_uuid(value: UUID | str) -> UUID:
    """An id as Python knows it, from either database."""
    return value if isinstance(value, UUID) else UUID(value)
