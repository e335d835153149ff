"""The hours that the town has set, and whether they hold now."""

from regiohub.api import Ctx, TenantScope
from regiohub_{{ cookiecutter.id }}.settings import {{ cookiecutter.__Prefix }}Settings

from .hours import Span, is_open, parse_hours, wall_time


def office_hours(scope: Ctx | TenantScope) -> tuple[Span, ...]:
    """The opening hours of the settings; empty if nobody knows them."""
    return parse_hours(scope.settings({{ cookiecutter.__Prefix }}Settings).hours)


def open_now(scope: Ctx | TenantScope) -> bool | None:
    """Whether it is open at this moment, by the town's own clock; None if nobody knows."""
    spans = office_hours(scope)
    return is_open(spans, *wall_time(scope.now(), scope.tenant.timezone)) if spans else None
