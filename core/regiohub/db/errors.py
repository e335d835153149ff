"""What the data layer refuses. These are programming errors: they never reach a user as they are."""


class TenancyViolation(RuntimeError):
    """A statement or object would leave the session's tenant."""


class ReadOnlySession(TenancyViolation):
    """A reading session was asked to write."""


class UnscopedStatement(TenancyViolation):
    """Text or Core SQL on a tenant's table without the tenant's predicate."""
