"""Every key of a TOML file is found at its line, whatever stands between."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.tenancy.config.positions import index_positions

TEXT = '''# comment
a = 1

text = """
[not.a.table]
b = 2
"""
list = [
  "x", # ]
  "y",
]
[one.two]
c.d = 3
[[many]]
id = "first"
  [[many.inner]]
  id = "inner"
[[many]]
[[many.inner]]
[[many.inner]]
"quoted key" = 1
'''


def test_keys_tables_and_arrays_of_tables_have_their_lines() -> None:
    index = index_positions(TEXT)
    assert index.find(("a",)) == (2, 1)
    assert index.find(("text",)) == (4, 1)
    assert index.find(("list",)) == (8, 1)
    assert index.find(("one", "two")) == (12, 1)
    assert index.find(("one", "two", "c", "d")) == (13, 1)
    assert index.find(("many", 0, "id")) == (15, 1)
    assert index.find(("many", 0, "inner", 0, "id")) == (17, 3)
    assert index.find(("many", 1)) == (18, 1)
    assert index.find(("many", 1, "inner", 1, "quoted key")) == (21, 1)


def test_text_inside_a_long_string_is_no_key() -> None:
    assert index_positions(TEXT).find(("b",)) is None
    assert index_positions(TEXT).find(("not",)) is None


def test_a_missing_key_is_placed_at_the_table_that_lacks_it() -> None:
    assert index_positions(TEXT).find(("many", 1, "inner", 0, "title")) == (19, 1)
    assert index_positions(TEXT).find(("nowhere",)) is None


scalars = st.one_of(
    st.integers(), st.booleans(), st.text(alphabet="ab ]\"'#=[", max_size=8), st.lists(st.integers(), max_size=3)
)


def _toml(value: object, *, spread: bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, list):
        joint = ",\n" if spread else ", "
        return "[" + ("\n" if spread else "") + joint.join(str(part) for part in value) + "]"
    return str(value)


@settings(deadline=None)
@given(st.lists(st.tuples(scalars, st.booleans(), st.integers(0, 2)), max_size=8))
def test_any_sequence_of_statements_is_indexed_at_the_lines_they_were_written_to(
    statements: list[tuple[object, bool, int]],
) -> None:
    lines: list[str] = []
    expected: dict[str, int] = {}
    for number, (value, spread, blanks) in enumerate(statements):
        lines += ["# gap"] * blanks
        expected[f"key{number}"] = len(lines) + 1
        lines += f"key{number} = {_toml(value, spread=spread)}".split("\n")
    text = "\n".join(lines)
    tomllib.loads(text)
    index = index_positions(text)
    assert {name: index.places[(name,)][0] for name in expected} == expected


@settings(deadline=None)
@given(st.text(alphabet='ab=[]".\n#', max_size=60))
def test_no_text_breaks_the_index(text: str) -> None:
    for line, column in index_positions(text).places.values():
        assert line >= 1
        assert column >= 1
