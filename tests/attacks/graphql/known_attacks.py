"""The attacks on GraphQL that are known, each as one request: what is sent, and what has to come back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from graphql import get_introspection_query

Where = Literal["potsdam", "region"]
JSON = "application/json"
_TARGETS: Mapping[str, str] = {"potsdam": "tenant { slug }", "region": "tenants { slug }"}
_LIST = "measures(first: {n}) {{ nodes {{ title indicators(first: {m}) {{ nodes {{ id }} }} }} }}"
_CIRCLE = "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
_FORM = b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--\r\n'
_ALL = ("parse", "validate", "execute")
_CHECKED = ("parse", "validate")


@dataclass(frozen=True, slots=True)
class Attack:
    """One request. `code` and `limit`: of the refusal; without a code it is answered, by decision, and bounded.

    `stages`: how far it gets (parse, validate, execute). `document`: what is asked, if it can also be asked over a
    websocket.
    """

    name: str
    code: str | None
    limit: str | None = None
    stages: tuple[str, ...] = ()
    document: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    method: str = "POST"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": JSON})
    query: str = ""
    sent: bytes | None = None

    @property
    def body(self) -> bytes:
        """What is sent."""
        if self.sent is not None or self.method != "POST":
            return self.sent or b""
        return json.dumps({"query": self.document, "variables": self.variables}).encode()


def attacks(where: Where) -> list[Attack]:
    """All of them, at a town's or the region's endpoint. Names are the same at both."""
    target = _TARGETS[where]
    return [
        *_by_transport(target), *_by_repetition(target), *_by_nesting(where), *_by_lists(), *_by_introspection(),
        *_by_length(target),
    ]  # fmt: skip


def _refused(name: str, limit: str, document: str, *stages: str) -> Attack:
    return Attack(name, "OPERATION_TOO_LARGE", limit, stages, document)


def _wrong(name: str, document: str) -> Attack:
    return Attack(name, "BAD_OPERATION", stages=_CHECKED, document=document)


def _by_transport(target: str) -> Iterator[Attack]:
    query, change = "{ " + target + " }", "mutation { removeLogo { errors { code } } }"
    one = json.dumps({"query": query})
    for number in (2, 10_000):
        body = f"[{','.join([one] * number)}]".encode()
        yield Attack(f"{number:,} operations in one request", "BAD_REQUEST", status=400, sent=body)
    for name, text in (("query", query), ("mutation", change)):
        address = urlencode({"query": text})
        yield Attack(f"{name} by GET", "METHOD_NOT_ALLOWED", method="GET", status=405, query=address)
    for kind, body in (
        ("application/x-www-form-urlencoded", urlencode({"query": change}).encode()),
        ("multipart/form-data; boundary=x", _FORM),
        ("text/plain", one.encode()),
    ):
        name = f"form of another site ({kind.partition(';')[0]})"
        yield Attack(name, "UNSUPPORTED_MEDIA_TYPE", status=415, headers={"content-type": kind}, sent=body)
    traced = json.dumps({"query": query, "extensions": {"tracing": True, "explain": True}}).encode()
    wanted = {"content-type": JSON, "apollo-tracing": "1", "x-regiohub-explain": "1"}
    yield Attack("tracing", None, stages=_ALL, headers=wanted, sent=traced)
    yield Attack("GraphiQL", None, method="GET", headers={"accept": "text/html"})


def _by_repetition(target: str) -> Iterator[Attack]:
    yield _refused("1,000 aliases", "tokens", "{ " + " ".join(f"a{n}: {target}" for n in range(1000)) + " }")
    some = " ".join(f"a{n}: __typename" for n in range(100))
    yield _refused("100 aliases", "aliases", f"{{ {some} }}", *_CHECKED)
    spread = "".join(f" fragment f{n} on Query {{ ...f{n + 1} ... on Query {{ ...f{n + 1} }} }}" for n in range(12))
    doubled = f"{{ ...f0 }}{spread} fragment f12 on Query {{ a: __typename }}"
    yield _refused("aliases doubled by fragments", "aliases", doubled, *_CHECKED)
    yield _refused("5,000 times the same field", "tokens", "{ " + "a " * 5000 + "}")
    yield _refused("300 times the same field", "repeats", "{ " + f"{target} " * 300 + "}", "parse")
    yield _refused("2,000 directives", "tokens", "{ a " + "@b " * 2000 + "}")
    each = "__typename @skip(if: false) " * 40
    yield _refused("40 directives", "directives", f"{{ {each} }}", *_CHECKED)
    yield _wrong("900 unknown directives", "{ __typename " + "@aa " * 900 + "}")
    roots = " ".join(f"a{n}: {target}" for n in range(25))
    yield _refused("25 root fields", "roots", f"{{ {roots} }}", *_CHECKED)
    yield _wrong("1,900 unknown fields", "{ " + " ".join(f"x{n}" for n in range(1900)) + " }")
    yield _wrong("suggestions", "{ measurez { nodez } }")


def _by_nesting(where: Where) -> Iterator[Attack]:
    yield _refused("nesting 200", "depth", "{ a " * 200 + "}" * 200)
    if where == "potsdam":
        # At the region no type leads back to itself.
        chain = "".join(
            f" fragment f{n} on Resource {{ parts(first: 1) {{ nodes {{ ...f{n + 1} }} }} }}" for n in range(28)
        )
        deep = (
            f"{{ booking {{ resources(first: 1) {{ nodes {{ ...f0 }} }} }} }}{chain} fragment f28 on Resource {{ id }}"
        )
        yield _refused("depth 60 by fragments", "depth", deep, *_CHECKED)
    circle = "fragment a on Measure { ...b } fragment b on Measure { ...a }"
    yield _wrong("fragments in a circle", f"{{ measures {{ nodes {{ ...a }} }} }} {circle}")


def _by_lists() -> Iterator[Attack]:
    yield _refused("lists of 1,000 with 300 each", "cost", "{ " + _LIST.format(n=1000, m=300) + " }", *_CHECKED)
    several = " ".join(f"a{n}: {_LIST.format(n=100, m=100)}" for n in range(3))
    yield _refused("three lists of 100 with 100 each", "cost", f"{{ {several} }}", *_CHECKED)


def _by_introspection() -> Iterator[Attack]:
    yield Attack("introspection", None, stages=_ALL, document=get_introspection_query())
    yield _wrong("introspection in a circle", _CIRCLE)
    many = " ".join(f"a{n}: __schema {{ types {{ name fields {{ name args {{ name }} }} }} }}" for n in range(19))
    yield _refused("introspection 19 times", "introspection", f"{{ {many} }}", *_CHECKED)
    inner = " ".join(f"a{n}: fields {{ name description args {{ name }} }}" for n in range(29))
    yield _refused(
        "fields of all types 29 times", "introspection", f"{{ __schema {{ types {{ {inner} }} }} }}", *_CHECKED
    )


def _by_length(target: str) -> Iterator[Attack]:
    query = f"{{ {target} }}"
    for name, text in (
        ("900,000 spaces", " " * 900_000 + query),
        ("a comment of 900,000 letters", "#" + "x" * 900_000 + "\n" + query),
        ("a name of 900,000 letters", "{ " + "x" * 900_000 + " }"),
        ("a text of 900,000 letters", '{ a(b: "' + "x" * 900_000 + '") }'),
        ("a number of 900,000 digits", "{ a(b: " + "9" * 900_000 + ") }"),
    ):
        yield _refused(name, "characters", text)
    number = "{ measures(first: " + "9" * 5000 + ") { totalCount } }"
    yield Attack("a number of 5,000 digits", "BAD_OPERATION", document=number)
    yield Attack("a body of 2 MB", "BODY_TOO_LARGE", status=413, sent=b'{"query":"' + b"x" * 2_000_000 + b'"}')
    yield Attack("JSON 100,000 deep", "BAD_REQUEST", status=400, sent=b'{"query":' + b"[" * 100_000)
