"""How a page becomes a plugin: blocks, files, and changes to files."""

from __future__ import annotations

from pathlib import Path

from .pages import Block, Project, asked, blocks, merged

PAGE = """
```python
# models.py
A = 1
```

```graphql
{ a }
```

```json
{"a": 1}
```

```sh
echo no file
```
"""


def test_a_block_names_its_file_in_its_first_line() -> None:
    found = blocks(PAGE)
    assert found[0] == Block("python", "A = 1\n", "models.py")
    assert [block.file for block in found[1:]] == [None, None, None]
    assert asked(found, "graphql", "json") == [("{ a }\n", '{"a": 1}\n')]


def test_a_definition_that_is_there_is_replaced_and_a_new_one_stands_before_it() -> None:
    old = '"""Doc."""\nfrom a import b\n\nX = 1\n\ndef f():\n    return X\n\n@mark\nclass C:\n    y = f()\n'
    new = "from a import c\n\ndef g():\n    return 2\n\n@mark\n@other\nclass C:\n    y = g()\n\ndef last(): ...\n"
    assert merged(old, new).split("\n\n\n") == [
        '"""Doc."""',
        "from a import b, c",
        "X = 1",
        "def f():\n    return X",
        "def g():\n    return 2",
        "@mark\n@other\nclass C:\n    y = g()",
        "def last(): ...\n",
    ]


def test_other_files_are_whole_each_time(tmp_path: Path) -> None:
    project = Project(tmp_path, "pkg")
    project.write([Block("toml", "a = 1\n", "pyproject.toml"), Block("toml", "b = 2\n", "pyproject.toml")])
    project.write([Block("python", "X = 1\n", "models.py"), Block("python", "Y = 2\n", "tests/test_x.py")])
    assert (tmp_path / "pyproject.toml").read_text() == "b = 2\n"
    assert (tmp_path / "pkg" / "models.py").exists()
    assert (tmp_path / "tests" / "test_x.py").exists()
