"""Values that are not known yet: what a declaration does with them is recorded, and done again for each request.

A condition like `Booking.expires_at > ctx.now()` is asked for once per plan. In place of the moment it gets a
`Lazy`, which ends up as a parameter of the statement; what was done with it before (`.date()`, `+ timedelta`) is
done with the real value when a request comes. Anything that would need the value to decide (a comparison, a truth
value, its text) raises `Untraceable`: then the condition is built anew for each request.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, NoReturn

Read = Callable[[Any], Any]


class Untraceable(Exception):
    """The declaration needs to know a value that only the request has."""


class Lazy:
    """A value of the request, read from its `Facts` by a function."""

    __slots__ = ("_read",)

    def __init__(self, read: Read) -> None:
        self._read = read

    def __getattr__(self, name: str) -> Lazy:
        # Private names are questions of libraries ("are you one of mine?"), which this must answer with no.
        if name.startswith("_"):
            raise AttributeError(name)
        read = self._read
        return Lazy(lambda facts: getattr(read(facts), name))

    def __call__(self, *args: Any, **kwargs: Any) -> Lazy:
        read = self._read
        return Lazy(
            lambda facts: read(facts)(
                *(given(value, facts) for value in args),
                **{name: given(value, facts) for name, value in kwargs.items()},
            )
        )

    def __add__(self, other: Any) -> Lazy:
        read = self._read
        return Lazy(lambda facts: read(facts) + given(other, facts))

    def __sub__(self, other: Any) -> Lazy:
        read = self._read
        return Lazy(lambda facts: read(facts) - given(other, facts))

    def _refuse(self, *_given: Any) -> NoReturn:
        raise Untraceable

    # Sets and dicts would answer "not among them" for a value that is.
    __hash__ = _refuse  # type: ignore[assignment]
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse  # type: ignore[assignment]
    __str__ = __format__ = __int__ = __float__ = __index__ = __iter__ = __len__ = _refuse  # type: ignore[assignment]
    __contains__ = __getitem__ = __radd__ = __rsub__ = __mul__ = __neg__ = __mod__ = _refuse


def given(value: Any, facts: Any) -> Any:
    """The value itself, or what a `Lazy` stands for in this request."""
    return value._read(facts) if type(value) is Lazy else value  # pyright: ignore[reportPrivateUsage]


def kind_of(value: Any) -> Any:
    """What decisions may be made on without comparing: the value itself where there are few, else its type."""
    return value if value is None or isinstance(value, (bool, Enum)) else type(value)


def is_open(value: Any) -> bool:
    """Whether a value is one of so many that only a comparison could tell it from others."""
    return kind_of(value) is type(value)
