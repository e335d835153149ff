"""The people of the built-in issuer, for its login page, and its machine clients, for its token endpoint."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from regiohub.auth.permissions import STAFF_ROLES

from .examples import people_of, people_of_the_region, person_of_two
from .file import DevFile
from .records import DevClient, DevPerson, DevState, DevTown


class Town(Protocol):
    """What is needed of a town."""

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def ags(self) -> str: ...


class DevDirectory:
    """People and clients in a file. A town of the platform is known as soon as anybody asks, with example people."""

    def __init__(self, path: Path, towns: Callable[[], Iterable[Town]]) -> None:
        self._file = DevFile(path)
        self._towns = towns

    def people(self) -> Sequence[DevPerson]:
        """Everybody who can be picked on the login page: the region's, then each town's, then those invited later."""
        return list(self.state().people.values())

    def person(self, subject: str) -> DevPerson | None:
        """The person with this identifier."""
        return self.state().people.get(subject)

    def signed_in(self, subject: str) -> None:
        """Note that a person has signed in: an invited one becomes an ordinary member."""
        with self.change() as state:
            if subject in state.people:
                state.people[subject].invited = False

    def verify_client(self, client: str, secret: str) -> DevClient | None:
        """The machine client with this name and secret; ``None`` if either is wrong."""
        found = self.state().clients.get(client)
        if found is None or not hmac.compare_digest(found.secret_sha256, hash_of(secret)):
            return None
        return found

    def state(self) -> DevState:
        """Everything, with all towns of the platform in it."""
        state = self._file.read()
        if self._missing(state):
            with self.change() as state:
                pass
        return state

    @contextmanager
    def change(self) -> Generator[DevState]:
        """Everything, to be changed. See ``DevFile.change``."""
        with self._file.change() as state:
            if not state.people:
                state.people |= {person.subject: person for person in people_of_the_region()}
            for town in self._missing(state):
                add_town(state, town.slug, town.name, town.ags, short_name=town.short_name)
            yield state

    def _missing(self, state: DevState) -> list[Town]:
        return [town for town in self._towns() if town.slug not in state.towns]


def add_town(state: DevState, slug: str, name: str, ags: str, *, short_name: str) -> None:
    """Add a town with its groups and example people."""
    state.towns[slug] = DevTown(name=name, ags=ags, groups=tuple(f"/{role}s" for role in sorted(STAFF_ROLES)))
    state.people |= {person.subject: person for person in people_of(slug, short_name)}
    first, *others = state.towns
    if others == [slug]:
        both = person_of_two(first, slug)
        state.people[both.subject] = both


def hash_of(secret: str) -> str:
    """Hash of a random secret of 256 bits: nothing to be guessed, so nothing slow is needed."""
    return sha256(secret.encode()).hexdigest()
