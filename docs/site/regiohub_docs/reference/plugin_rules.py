"""What every plugin keeps: the rules of `regiohub plugin check`, and the promises of the contract suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regiohub.plugins.rules import RULES, Rule
from regiohub.testing.contract.promise import Promise
from regiohub.testing.contract.promises import PROMISES
from regiohub_docs.reference.markdown import blocks, code, page, table

_RULES = """## Rules

Judged from the files and the declarations of a plugin, without running it:

```sh
regiohub plugin check .
```

prints a table with one line per rule: *done*, *exempt* with the reason, or *to do* with each place and what to do. It
ends with exit code 1 while something is to do; `--json` prints the same for programs. The plugin need not be
installed. Rules marked *project* look at the project's folder, too; the others also run in the contract suite.
"""
_PROMISES = """## Promises

Judged by running the plugin in test installations, most of them on SQLite and on PostgreSQL. One line in a plugin's
tests takes them all:

```python
from regiohub.testing.contract import contract

TestContract = contract("booking")
```
"""
_EXEMPTIONS = """## Exemptions

Where a rule or a promise does not fit, the project says why in its `pyproject.toml`:

```toml
[tool.regiohub.exempt]
"no-module-too-long" = "The table of codes is easier to compare with the standard in one piece."
```

A name that does not exist, a missing reason, and an exemption that is no longer needed are faults themselves.
"""


def pages() -> Mapping[str, str]:
    """The page of rules and promises."""
    source = "`regiohub.plugins.rules` and `regiohub.testing.contract.promises`"
    intro = "Each has a name, by which a failing check calls it and an exemption can name it."
    text = page(
        "Rules and promises of plugins",
        source,
        intro,
        blocks(_RULES, table(("rule", "what it asks", "if it is broken", "looks at"), map(_rule, RULES))),
        blocks(_PROMISES, table(("promise", "what it asks", "if it is broken", "runs on"), map(_promise, PROMISES))),
        _EXEMPTIONS,
    )
    return {"plugin-rules.md": text}


def _rule(rule: Rule) -> Sequence[str]:
    return code(rule.id), _plain(rule.title), _plain(rule.remedy), "project" if rule.needs_root else "package"


def _promise(promise: Promise) -> Sequence[str]:
    engines = "SQLite, PostgreSQL" if promise.engines else "SQLite"
    return code(promise.id), _plain(promise.title), _plain(promise.remedy), engines


def _plain(text: str) -> str:
    """A sentence, with what Markdown would take for HTML or for bold type escaped."""
    return (text[:1].upper() + text[1:]).replace("<", "&lt;").replace(">", "&gt;").replace("__", r"\_\_")
