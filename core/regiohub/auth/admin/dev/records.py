"""What the file of the built-in issuer holds."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel, Field

from regiohub.auth.permissions import STAFF_ROLES
from regiohub.auth.roles.town import default_roles


class DevPerson(BaseModel):
    """A made-up or invited person. ``towns``: groups by town; ``invited``: has not signed in yet."""

    subject: str
    email: str
    first_name: str
    last_name: str
    regional: tuple[str, ...] = ()
    towns: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    invited: bool = False

    @property
    def name(self) -> str:
        """Name for people."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.email

    def organization(self) -> dict[str, Any]:
        """The claim ``organization`` of this person, in the login server's layout."""
        return {
            slug: {
                "id": str(uuid5(NAMESPACE_URL, f"regiohub:{slug}")),
                "groups": sorted(groups),
                "realm_access": {"roles": sorted({role for g in groups for role in default_roles(g)} & STAFF_ROLES)},
            }
            for slug, groups in sorted(self.towns.items())
        }


class DevTown(BaseModel):
    """A town as the built-in issuer knows it, with the groups that exist beside those in use."""

    name: str
    ags: str
    groups: tuple[str, ...] = ()


class DevClient(BaseModel):
    """A machine client; of its secret only a hash is kept."""

    id: str
    tenant: str
    purpose: str
    roles: tuple[str, ...]
    secret_sha256: str


class DevState(BaseModel):
    """Everything in the file. Example people whom somebody has removed stay away: their town is not new."""

    people: dict[str, DevPerson] = Field(default_factory=dict[str, DevPerson])
    towns: dict[str, DevTown] = Field(default_factory=dict[str, DevTown])
    clients: dict[str, DevClient] = Field(default_factory=dict[str, DevClient])
