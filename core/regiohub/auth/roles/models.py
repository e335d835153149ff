"""Tables of the roles that towns make themselves."""

from sqlalchemy.orm import Mapped

from regiohub.db.base import TenantModel, Timestamps
from regiohub.db.keys import unique


class OwnRoleRow(TenantModel, Timestamps):
    """A role of the town's own: a title and the permissions that it bundles."""

    __tablename__ = "core_role"

    key: Mapped[str]
    title_de: Mapped[str]
    title_en: Mapped[str]
    permissions: Mapped[list[str]]

    __table_args__ = (unique("key"),)


class GroupRolesRow(TenantModel, Timestamps):
    """The roles that a group of the town's organization carries, instead of those that its path gives."""

    __tablename__ = "core_group_role"

    group: Mapped[str]
    roles: Mapped[list[str]]

    __table_args__ = (unique("group"),)
