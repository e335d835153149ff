"""How something public goes away: announced by a warning, kept for a while, then gone.

A name of `regiohub.api` that is to go moves out of `__all__` into the module's table `DEPRECATED`; it stays importable
and warns. A parameter is named there as `function.parameter`, a hook's argument in `hookspec(warn_on_impl_args=...)`.
A test refuses a deprecation whose window is too short, one whose time has come, and whatever disappears without having
been announced.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

DEPRECATED: Final = "DEPRECATED"
WINDOW: Final = 2
"""Minor versions for which a deprecated thing goes on working."""


class ApiDeprecationWarning(DeprecationWarning):
    """Something of the platform's API that a plugin uses will be gone in a release that the message names."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """`since` and `gone_in` are versions such as `0.3`; `instead` says what to use; `value` is what still works."""

    since: str
    gone_in: str
    instead: str
    value: Any

    @property
    def window(self) -> int:
        """For how many minor versions it keeps working; a new major version counts as enough."""
        (old, first), (new, last) = _parts(self.since), _parts(self.gone_in)
        return WINDOW if new > old else last - first


def deprecated_name(module: str, name: str, table: Mapping[str, Deprecation]) -> Any:
    """The body of a module's `__getattr__`: the value of a deprecated name, with a warning at the caller.

    :raises AttributeError: the module has no such name.
    """
    found = table.get(name)
    if found is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    text = f"{module}.{name} is deprecated since {found.since} and gone in {found.gone_in}: {found.instead}"
    warnings.warn(text, ApiDeprecationWarning, stacklevel=3)
    return found.value


def _parts(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)
