"""Who may do what at the region."""

from regiohub.auth.permissions import Permission
from regiohub.auth.principal import Principal
from regiohub.errors import Forbidden, Unauthenticated


def require(person: Principal, permission: Permission) -> None:
    """Raises ``Unauthenticated`` or ``Forbidden`` unless the caller has this right of the region."""
    if not person.can(permission):
        raise Unauthenticated() if person.subject is None else Forbidden()
