"""What counts as the same answer, and what does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.graphql.comparison import difference

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


def answer(data: Any, *errors: dict[str, Any]) -> bytes:
    """An answer as it is sent."""
    return json.dumps({"data": data, **({"errors": errors} if errors else {})}).encode()


def error(message: str = "no", **more: Any) -> dict[str, Any]:
    """An error of an answer."""
    return {"message": message, "path": ["a", 0], "extensions": {"code": "X"}, **more}


@given(JSON)
def test_the_same_content_in_other_bytes_is_the_same(data: Any) -> None:
    spaced = json.dumps({"data": data}, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    assert difference(answer(data), spaced) is None


@pytest.mark.parametrize(("left", "right"), [("1", "1.0"), ("1e16", "10000000000000000"), ("-0.0", "0"), ("[ ]", "[]")])
def test_numbers_count_by_value(left: str, right: str) -> None:
    assert difference(b'{"data":%s}' % left.encode(), b'{"data":%s}' % right.encode()) is None


@pytest.mark.parametrize(
    ("left", "right", "where", "what"),
    [
        ({"a": 1}, {"a": 2}, "data.a", "another value"),
        ({"a": True}, {"a": 1}, "data.a", "another value"),
        ({"a": "1"}, {"a": 1}, "data.a", "another value"),
        ({"a": 0.1 + 0.2}, {"a": 0.3}, "data.a", "another value"),
        ({"a": 2**53 + 1}, {"a": 2**53}, "data.a", "another value"),
        ({"a": None}, {}, "data", "other keys"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "data", "another order of keys"),
        ({"a": [1, 2]}, {"a": [1]}, "data.a", "another length"),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, "data.a[1].b", "another value"),
        ({"a": {}}, {"a": []}, "data.a", "another value"),
    ],
)
def test_the_first_difference_is_named_with_its_path(left: Any, right: Any, where: str, what: str) -> None:
    found = difference(answer(left), answer(right))
    assert found is not None
    assert (found.where, found.what) == (where, what)


def test_errors_may_come_in_any_order_but_say_the_same() -> None:
    first, second = error("one"), error("two")
    assert difference(answer(None, first, second), answer(None, second, first)) is None
    for other in (error("three"), error("one", path=["a", 1]), error("one", locations=[{"line": 1, "column": 2}])):
        found = difference(answer(None, first), answer(None, other))
        assert found is not None
        assert found.path[0] == "errors"
    assert difference(answer(None, error(extensions={"code": "X", "plan": "p"})), answer(None, error())) is None
    assert difference(answer(None, error(extensions={"code": "Y"})), answer(None, error())) is not None
    assert difference(answer(None, first), answer(None)) is not None
    assert difference(answer(None, first, first), answer(None, first)) is not None


@pytest.mark.parametrize(
    "broken", [b'{"data":{"a":1,"a":2}}', b'{"data":NaN}', b'{"data":Infinity}', b'{"data":', b"\xff"]
)
def test_what_no_client_could_read_is_a_difference(broken: bytes) -> None:
    assert difference(broken, answer({"a": 2})) is not None
    assert difference(answer({"a": 2}), broken) is not None


def test_an_answer_without_data_differs_from_one_whose_data_is_null() -> None:
    assert difference(b'{"errors":[]}', b'{"data":null,"errors":[]}') is not None


def test_what_a_difference_is_about_names_no_values() -> None:
    found = difference(answer({"a": "secret"}, error("secret")), answer({"a": "other"}, error("more")))
    assert found is not None
    assert "secret" not in found.where + found.what
