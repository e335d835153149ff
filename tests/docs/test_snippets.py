"""Every block of code in the documentation is run by a test, or is generated, or says why not; each one is sound."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from regiohub.testing.surface import MODULES

from .pages import DOCS, ROOT, Block, blocks, documents, words
from .snippets import faults

FOLDERS = {"tutorial": "tests/tutorial/test_steps.py", "apps": "tests/apps/test_pages.py"}
"""Folders of pages that are walked through as a whole."""
WORDS = frozenset({"text", "markdown", "json", "mermaid"})
"""Languages of blocks that show something: nothing in them could be run."""
GENERATED = "run `make reference`"


def _written() -> list[Block]:
    return [block for page in documents() if GENERATED not in words(page) for block in blocks(page)]


BLOCKS = _written()


@cache
def _runners(page: Path) -> tuple[str, ...]:
    """Test modules that name the page, or its folder."""
    inner = page.relative_to(ROOT)
    if page.is_relative_to(DOCS) and inner.parts[1] in FOLDERS:
        return (FOLDERS[inner.parts[1]],)
    if inner.match("plugins/*/README.md"):
        return ("tests/docs/test_plugin_readmes.py",)
    if inner == Path("README.md"):
        return ("tests/readme/test_walk.py",)
    # By its name alone only where that is no README: of those there are many.
    names = [str(inner), str(inner.relative_to("docs")) if inner.parts[0] == "docs" else str(inner)]
    names += [] if page.name == "README.md" else [page.name]
    pattern = re.compile("|".join(rf'["/]{re.escape(name)}"' for name in names))
    tests = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("plugins/*/tests/**/test_*.py")]
    return tuple(
        str(test.relative_to(ROOT))
        for test in sorted(tests)
        if test.parent != Path(__file__).parent
        and test.parent.name != "meta"
        and pattern.search(test.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_run_or_says_why_not(block: Block) -> None:
    assert block.language, "say its language; `text` for what nobody runs"
    if block.language in WORDS or block.reason:
        return
    assert "plugins" not in block.page.parts or block.language == "graphql", "only queries of these pages are run"
    assert _runners(block.page), (
        "name the page in a test that runs it, or write <!-- not run: reason --> above the block"
    )


# A test that names a page need not run each of its blocks. Queries of fields that a page's own plugin brings, and
# pieces of templates, can be judged only where nothing runs them with that plugin.
@pytest.mark.parametrize(
    "block",
    [it for it in BLOCKS if it.language not in ("graphql", "jinja") or it.reason or not _runners(it.page)],
    ids=str,
)
def test_a_block_is_sound(block: Block) -> None:
    assert faults(block) == []


AUTHORS = ("tutorial", "how-to")


@pytest.mark.parametrize(
    "block", [it for it in BLOCKS if it.language == "python" and it.page.parent.name in AUTHORS], ids=str
)
def test_authors_are_taught_to_import_what_is_public(block: Block) -> None:
    imported = re.findall(r"^ *from (regiohub\.[\w.]+) import", block.text, re.MULTILINE)
    assert set(imported) - set(MODULES) == set()


def test_folders_that_are_walked_have_their_test() -> None:
    assert [path for path in FOLDERS.values() if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("python", "def f(:\n", "line 1"),
        ("python", "from regiohub.api import Plugins\n", "regiohub.api has no Plugins"),
        ("python", "import requestz\n", "no module requestz"),
        ("toml", "a = \n", "Invalid value"),
        ("json", '{"a": }', "Expecting value"),
        ("yaml", "a: [1\n", "expected"),
        ("jinja", "{% if %}", "Expected an expression"),
        ("graphql", "{ booking { nothing } }", "Cannot query field 'nothing'"),
        ("sh", "regiohub tenants list\n", "no command regiohub tenants list"),
        ("sh", "FOO=1 regiohub doctor --fix\n", "regiohub doctor has no option --fix"),
        ("sh", "make everything\n", "no target everything"),
        ("sh", "curl -s localhost | jqq .\n", "unknown program jqq"),
        ("sh", "until regiohub doctr 2>&1 | grep -q ok; do sleep 1; done\n", "no command regiohub doctr"),
    ],
)
def test_a_fault_is_found(language: str, text: str, fault: str) -> None:
    found = faults(Block(DOCS / "page.md", 1, language, text, ""))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "docker compose exec platform regiohub tenant add potsdam berlin\n",
        'curl -s http://127.0.0.1:8000/potsdam/graphql \\\n  --json \'{"query": "{\n tenant }"}\' | jq .data\n',
        "export A=1\nset -a; . data/keycloak.env; set +a; make run   # and wait\n",
        "cat > a.txt <<'EOF'\nanything goes\nEOF\n",
    ],
)
def test_sound_commands_are_not_blamed(text: str) -> None:
    assert faults(Block(DOCS / "page.md", 1, "sh", text, "")) == []
