"""Rounds of odd requests over all addresses of an installation: as town staff, as regional staff, as nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from regiohub.testing.console import ORIGIN
from regiohub.testing.contract.promises.lifecycle.bodies import body_for
from regiohub.testing.world import World

from . import inputs
from .calling import Got, Headers, Sent, call, faults
from .drawing import drawn
from .forms import PageForm, forms
from .surface import Address, addresses

TOWN = "potsdam"
_ROLES = ("tenant-admin", "editor", "auditor")
_REGION = ("regional-admin", "regional-auditor")
_NOT_IN = frozenset({401, 403, 429})


@dataclass(slots=True)
class Outcome:
    """What came of all requests. `reached`: by address, how many were neither refused at the door nor unknown."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter[int])
    reached: Counter[Address] = field(default_factory=Counter[Address])
    wrong: list[str] = field(default_factory=list[str])

    def line(self) -> str:
        """The figures in one line."""
        told = ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items()))
        return f"{self.requests} requests at {len(self.reached)} addresses ({told}), {len(self.wrong)} faults"


class Fuzz:
    """One installation under fire. `known`: identifiers that mean something, `keys`: of ingest."""

    def __init__(self, world: World, known: Sequence[str], bearer: str) -> None:
        self._world, self._known, self._bearer = world, list(known), bearer
        self.addresses = addresses(world.app)
        self._forms: dict[str, list[PageForm]] = defaultdict(list)
        self.outcome = Outcome()

    async def explore(self, most: int = 400) -> None:
        """Follow the links of the console once, to learn its forms and real values of parameters."""
        waiting = [f"/console/{TOWN}/", "/console/region/towns", "/console/account", "/console/"]
        seen = set(waiting)
        known = {self._template(path) for path in waiting}
        while waiting and len(seen) < most:
            path = waiting.pop(0)
            got = await call(self._world.app, Sent("GET", path.encode(), await self._staff(path)))
            self._judge(Sent("GET", path.encode()), got, None)
            found, links = forms(path, got.body.decode(errors="replace"))
            for form in found:
                self._forms[form.path].append(form)
            for link in links:
                if link.startswith("/console/") and link not in seen and self._template(link) not in known:
                    known.add(self._template(link))
                    seen.add(link)
                    waiting.append(link)

    async def fire(self, each: int) -> Outcome:
        """So many requests at each address, all in one process on one database."""
        for address in self.addresses:
            enabled = self._world.tenant(TOWN).enabled
            for number, sent in enumerate(await self._requests(address, each)):
                await self._sent(sent, address)
                if number % 4 == 0:
                    # The same by somebody who is not signed in: refused, and in good order.
                    await self._sent(_anonymous(sent), None)
            for plugin in enabled - self._world.tenant(TOWN).enabled:
                await self._world.enable(TOWN, plugin)
        return self.outcome

    async def _sent(self, sent: Sent, address: Address | None) -> None:
        try:
            got = await call(self._world.app, sent)
        except Exception as fault:
            self.outcome.requests += 1
            self.outcome.wrong.append(f"raised {fault!r}: {sent}")
        else:
            self._judge(sent, got, address)

    def _judge(self, sent: Sent, got: Got, address: Address | None) -> None:
        outcome = self.outcome
        outcome.requests += 1
        outcome.statuses[got.status] += 1
        outcome.wrong += [f"{fault}: {address} {sent} {got.body[:300]!r}" for fault in faults(sent, got)]
        if address is not None:
            to_login = got.status == 303 and b"/auth/login" in got.headers.get(b"location", b"")
            outcome.reached[address] += got.status not in _NOT_IN and not to_login

    async def _requests(self, address: Address, each: int) -> Sequence[Sent]:
        staff = await self._staff(address.path)
        csrf = dict(staff).get(b"x-csrf", b"").decode()
        bodies = self._bodies(address, csrf)
        declared = [name.alias for name in getattr(getattr(address.declared, "dependant", None), "query_params", ())]
        parts = [self._values(name) for name in address.parameters]
        strategy = st.tuples(st.tuples(*parts), inputs.queries(declared), inputs.headers(), bodies)

        def made(drawn_: tuple[Any, bytes, Headers, tuple[bytes, bytes]]) -> Sent:
            values, query, odd, (kind, body) = drawn_
            target = address.at(values).encode("utf-8", "surrogateescape") + (b"?" + query if query else b"")
            own = [pair for pair in staff if pair[0] not in {name for name, _ in odd} | {b"x-csrf"}]
            typed = ((b"content-type", kind),) if address.method != "GET" else ()
            pieces = (body[: len(body) // 2], body[len(body) // 2 :]) if len(body) % 3 == 1 else (body,)
            return Sent(address.method, target, (*own, *typed, *odd), pieces if address.method != "GET" else ())

        return [made(found) for found in drawn(strategy, each)]

    def _values(self, name: str) -> st.SearchStrategy[str]:
        """Mostly what is there, as the address has to be passed to reach what lies behind."""
        if name in ("tenant", "slug"):
            return st.sampled_from([TOWN] * 12 + ["bad-belzig", "POTSDAM", "%70otsdam", "nowhere", "..%2f", "%00"])
        if name == "plugin":
            return st.sampled_from([*sorted(self._world.tenant(TOWN).enabled)] * 3 + ["core", "nothing", *inputs.PATHS])
        meant = [quote(value, safe="") for value in self._meant(name)] or self._known
        return st.one_of(
            st.sampled_from(meant), st.sampled_from(meant), st.sampled_from(self._known), st.sampled_from(inputs.PATHS)
        )

    def _meant(self, name: str) -> list[str]:
        """Values that stand at this name's place in paths of forms."""
        found: dict[str, None] = {}
        for address in self.addresses:
            if name in address.parameters:
                for path in self._forms:
                    values = _matched(address.path, path)
                    if values and name in values:
                        found[values[name]] = None
        return list(found)[:20]

    def _bodies(self, address: Address, csrf: str) -> st.SearchStrategy[tuple[bytes, bytes]]:
        odd = st.tuples(st.sampled_from(inputs.TYPES), st.sampled_from(inputs.BODIES))
        if address.method == "GET":
            return st.just((b"", b""))
        known = self._fields(address)
        form = inputs.mutated(known).map(
            lambda fields: (b"application/x-www-form-urlencoded", _form({**fields, "csrf": csrf}))
        )
        given = body_for(cast(Any, address), {})
        json_ = inputs.mutated(given if isinstance(given, dict) else {}).map(
            lambda v: (b"application/json", inputs.as_json(v))
        )
        return st.one_of(form, form, form, odd) if address.is_page else st.one_of(json_, json_, form, odd)

    def _fields(self, address: Address) -> Mapping[str, str]:
        fields: dict[str, str] = {}
        for path, found in self._forms.items():
            if _matched(address.path, path) is not None:
                for form in found:
                    fields |= form.fields
        return fields or {"name": "x", "id": self._known[0], "confirmed": "yes"}

    async def _staff(self, path: str) -> Headers:
        """A fresh session: what one address does to it is nothing to the next."""
        base: Headers = ((b"accept-language", b"en"),)
        if not path.startswith("/console"):
            return (
                *base,
                (b"authorization", f"Bearer {self._bearer_for(path)}".encode()),
                (b"accept", b"application/json"),
            )
        regional = path.startswith("/console/region")
        client = await self._world.console(
            None if regional else TOWN, roles=() if regional else _ROLES, regional=_REGION if regional else ()
        )
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookie.items())
        return (
            *base, (b"accept", b"text/html"), (b"cookie", cookie.encode()), (b"origin", ORIGIN.encode()),
            (b"sec-fetch-site", b"same-origin"), (b"x-csrf", client.csrf.encode()),
        )  # fmt: skip

    def _bearer_for(self, path: str) -> str:
        return self._bearer if "ingest" in path else self._world.token(TOWN, roles=_ROLES, subject="staff")

    def _template(self, path: str) -> str:
        return next(
            (
                address.path
                for address in self.addresses
                if address.method == "GET" and _matched(address.path, path) is not None
            ),
            path,
        )


def _matched(template: str, path: str) -> dict[str, str] | None:
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    found: dict[str, str] = {}
    for want, have in zip(wanted, given, strict=True):
        if want.startswith("{") and want.endswith("}"):
            found[want[1:-1].partition(":")[0]] = have
        elif want != have:
            return None
    return found


def _anonymous(sent: Sent) -> Sent:
    kept = tuple(pair for pair in sent.headers if pair[0] not in (b"cookie", b"authorization"))
    return Sent(sent.method, sent.target, kept, sent.body)


def _form(fields: Mapping[str, Any]) -> bytes:
    return urlencode([*_pairs(fields)], errors="surrogatepass").encode()


def _pairs(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        for entry in value if isinstance(value, list) else [value]:
            yield name, entry if isinstance(entry, str) else str(entry)
