"""Reading the roles of towns from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from regiohub.db.session import TenantSession
from regiohub.texts import Text

from .models import GroupRolesRow, OwnRoleRow
from .town import NO_ROLES, OwnRole, TownRoles


async def read_roles(session: TenantSession, towns: Iterable[int]) -> Mapping[int, TownRoles]:
    """The roles of several towns by their ids, in two statements. A town without any gets ``NO_ROLES`` itself."""
    own: dict[int, dict[str, OwnRole]] = {}
    groups: dict[int, dict[str, frozenset[str]]] = {}
    for row in await session.scalars(sa.select(OwnRoleRow).order_by(OwnRoleRow.key)):
        role = OwnRole(row.key, Text(row.title_de, row.title_en), frozenset(row.permissions))
        own.setdefault(row.tenant_id, {})[row.key] = role
    for row in await session.scalars(sa.select(GroupRolesRow).order_by(GroupRolesRow.group)):
        groups.setdefault(row.tenant_id, {})[row.group] = frozenset(row.roles)
    return {
        id_: TownRoles(own.get(id_, {}), groups.get(id_, {})) if id_ in own or id_ in groups else NO_ROLES
        for id_ in towns
    }
