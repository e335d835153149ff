"""What attackers put where an identifier, a number, a text or a body is expected."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

from .calling import Headers

PATHS = (
    "..%2f..%2fetc%2fpasswd", "..", ".", "%2e%2e", "%00", "a%00b", "%ff%fe", "%c0%ae%c0%ae", "%ed%a0%80", "x" * 6000,
    "-1", "0", "99999999999999999999999", "1e400", "nan", "null", "undefined",
    "%0d%0aInjected:%201", "'%20OR%201=1--",
    "%25", "%", "%zz", ";a=b", "%f0%9f%92%a9", "%e2%80%ae", "%5c..%5c", "a%2fb", "{id}", "$%7bjndi:x%7d", "%20",
    "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "new", "2026-06-01",
)  # fmt: skip
"""Parts of a path, as they stand in the first line of a request."""

VALUES = (
    "", "0", "-1", "1", "100", "101", "2147483648", "9223372036854775808", "-9223372036854775809", "1" * 400, "1e400",
    "-1e308", "NaN", "Infinity", "0x10", "1_000", "٣", "true", "null", "[]", "{}", "a,b,c",
    "1,2,3,4", "nan,nan,nan,nan",
    "180,90,-180,-90", "52.39,13.06", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59.999999Z", "2026-02-30", "2026-06-01T08:00:00", "10000-01-01", "-0001-01-01", "P99999Y",
    "24:00", "99:99", "2026-W54", "../../etc/passwd", "'; DROP TABLE core_measure; --", "%", "_",
    "\\", '"', "<script>",
    "x" * 5000, "\u202e", "👩\u200d🚒", "e\u0301", "\x01\x1b[0m", "\ufffe", "\r\nInjected: 1",
    "AND OR NOT NEAR(", '"a', "*",
    "javascript:alert(1)", "http://169.254.169.254/", "=1+1", "a@b", "+49", "zz", "de-AT;q=9",
)  # fmt: skip
"""Texts where a number, a moment, a place or a word is expected."""

RAW = (b"%00", b"%ff", b"%ed%a0%80", b"%c0%80", b"%", b"%zz", b"&&&", b"=", b"a[]=1", b"a[b]=1", b"\xff\xfe")
"""Pieces of a query that are no text."""

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"accept-language", b"xx;q=abc,*;q=9,de;q=-1"), (b"accept-language", b"," * 3000), (b"accept", b"\xff/\xfe;q=x"),
    (b"accept", b"text/html;q=0.1,application/json;q=nan"), (b"authorization", b"Bearer"),
    (b"authorization", b"Basic !!"),
    (b"authorization", b"Bearer " + b"a." * 3000), (b"authorization", b"Bearer \xff\xfe"),
    (b"cookie", b"a=\xff;;;=;\"x"),
    (b"authorization", b"Bearer eyJhbGciOiJub25lIn0.e30."), (b"content-length", b"-1"),
    (b"content-length", b"99999999999"),
    (b"content-encoding", b"gzip"), (b"if-none-match", b'W/"x", *, "' + b"y" * 4000), (b"range", b"bytes=9-1,-0,a-b"),
    (b"if-modified-since", b"Sun, 99 Foo 10000 25:61:61 GMT"), (b"x-forwarded-for", b"::1, \xff, 300.1.1.1"),
    (b"x-forwarded-proto", b"javascript"), (b"origin", b"null"), (b"origin", b"http://\xff"), (b"host", b"[::1"),
    (b"x-request-id", b"a\tb<script>" * 90), (b"transfer-encoding", b"chunked, gzip"),
    (b"last-event-id", b"\xff" * 300),
    (b"if-range", b"x"), (b"forwarded", b"for=\"[::1]:x\";proto=\xff"), (b"hx-request", b"true"),
    (b"referer", b"//\xff"),
)  # fmt: skip

TYPES = (
    b"application/json", b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data",
    b"multipart/form-data; boundary=x", b"text/plain", b"text/csv", b"application/xml",
    b"application/json; charset=utf-16",
    b"application/x-www-form-urlencoded; charset=\xff", b"\xff\xfe", b"", b"image/svg+xml",
    b"application/octet-stream",
)  # fmt: skip

BODIES = (
    b"", b"{", b"[", b"null", b"0", b'"x"', b"[]", b"{}", b"\xff\xfe\xfd", b"\x00",
    b'{"a":"\\u0000"}', b'{"a":"\\ud800"}',
    b'{"a":1e400}', b'{"a":' + b"9" * 5000 + b"}", b"[" * 50_000, b'{"a":' * 20_000, b"[[[[1]]]]", b'{"a":1,"a":2}',
    b'{"a":NaN}', b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    b"a=%ff&b=%00&a=1&a=2", b"&" * 5000, b"a=" + b"x" * 100_000, b"--x\r\n",
    b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x\x00.csv"\r\nContent-Type: \xff\r\n\r\n'
    b"\xff\xfe\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="' + b"n" * 9000 + b'"\r\n\r\n1\r\n--x--\r\n',
    b"time,value\n9999-12-31T23:59:59Z,1e400\n\x00,\xff\n", b"time;value\r\n" + b'"' * 3000, b"x" * 1_100_000,
)  # fmt: skip
"""Bodies that no page and no program would send."""


def values() -> st.SearchStrategy[Any]:
    """A value of JSON where another one is expected."""
    leaves = st.one_of(
        st.sampled_from(VALUES), st.integers(-(2**70), 2**70), st.floats(), st.booleans(),
    st.none(), st.text(max_size=20),
        st.sampled_from(["\ud800", "\0", "a\0b"]),
    )  # fmt: skip
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=4,
    )


def mutated(known: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Fields of which some hold something else, some are missing and some are nobody's."""
    if not known:
        return st.dictionaries(st.text(max_size=8), values(), max_size=3)
    names = sorted(known)
    changes = st.dictionaries(st.sampled_from(names), values(), min_size=1, max_size=3)
    gone = st.lists(st.sampled_from(names), max_size=2)
    more = st.dictionaries(st.sampled_from(["unknown", "tenant_id", "id", "__proto__", ""]), values(), max_size=1)

    def made(parts: tuple[dict[str, Any], list[str], dict[str, Any]]) -> dict[str, Any]:
        change, left_out, extra = parts
        kept = {name: value for name, value in known.items() if name not in left_out}
        return {**kept, **change, **extra}

    return st.tuples(changes, gone, more).map(made)


def as_json(value: Any) -> bytes:
    """JSON as a careless program writes it: NaN, lone surrogates and all."""
    return json.dumps(value).encode()


def headers() -> st.SearchStrategy[Headers]:
    """No odd header most of the time, otherwise one."""
    return st.sampled_from([(), (), (), *((pair,) for pair in HEADERS)])


def queries(declared: Sequence[str]) -> st.SearchStrategy[bytes]:
    """The query of an address: its own parameters with odd values, twice, unknown ones, and bytes that are no text."""
    names = st.sampled_from([*declared, *declared, "page", "q", "unknown"])
    pairs = st.tuples(names, st.sampled_from(VALUES)).map(lambda pair: f"{pair[0]}={quote_plus(pair[1])}".encode())
    one = st.lists(pairs, max_size=3)
    return st.one_of(one, one, one, one, st.lists(pairs | st.sampled_from(RAW), max_size=3)).map(b"&".join)
