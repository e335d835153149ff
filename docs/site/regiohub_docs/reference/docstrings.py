"""Docstrings as Markdown: paragraphs, fields such as `:param name:`, and indented examples."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from textwrap import dedent

from regiohub_docs.reference.markdown import blocks, fenced
from regiohub_docs.reference.markdown import text as escaped

_FIELD = re.compile(r"^:(param|return|raises|since)(?: ([\w.]+))?:\s*(.*)$")
_LITERAL = re.compile(r"``([^`]+)``")
_ROLE = re.compile(r":\w+:(`[^`]+`)")


@dataclass(slots=True)
class Docstring:
    """What a docstring says."""

    summary: str = ""
    text: str = ""
    """What follows the summary, as Markdown."""
    params: dict[str, str] = field(default_factory=dict[str, str])
    returns: str = ""
    raises: dict[str, str] = field(default_factory=dict[str, str])
    since: str = ""

    @property
    def first(self) -> str:
        """The summary's first sentence."""
        return re.split(r"(?<=[.!?])\s", self.summary, maxsplit=1)[0]


def parse(text: str | None) -> Docstring:
    """Read a docstring."""
    found = Docstring()
    body: list[str] = []
    lines = dedent(_unindented(text or "")).splitlines()
    index = 0
    while index < len(lines):
        match = _FIELD.match(lines[index])
        if match is None:
            body.append(lines[index])
            index += 1
            continue
        kind, name, words = match.groups()
        index += 1
        while index < len(lines) and lines[index].startswith("    "):
            words += f" {lines[index].strip()}"
            index += 1
        _keep(found, kind, name or "", inline(words))
    summary, _, rest = "\n".join(body).strip().partition("\n\n")
    found.summary = inline(" ".join(summary.split()))
    found.text = prose(rest)
    return found


def inline(text: str) -> str:
    """Literals of docstrings as those of Markdown."""
    return escaped(_ROLE.sub(r"\1", _LITERAL.sub(r"`\1`", text)))


def prose(text: str) -> str:
    """Paragraphs, lists and examples; a paragraph that ends in `::` announces an example in Python."""
    parts: list[str] = []
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        if part.startswith("    ") and parts:
            if parts[-1].startswith("```"):
                parts[-1] = parts[-1].removesuffix("\n```") + f"\n\n{dedent(part)}\n```"
            else:
                parts.append(fenced(dedent(part), "python"))
        elif "::\n    " in part:
            words, _, example = part.partition("::\n")
            parts += [inline(f"{words}:"), fenced(dedent(example), "python")]
        else:
            parts.append(inline(re.sub(r"::$", ":", _listed(part.strip()))))
    return blocks(*parts)


def _listed(part: str) -> str:
    """Lines that each begin with a name and a colon, as a list."""
    if not re.match(r"`\w+`: ", part) or len(re.findall(r"^`\w+`: ", part, re.MULTILINE)) < 2:
        return part
    return "\n".join(f"- {line}" if re.match(r"`\w+`: ", line) else f"  {line}" for line in part.splitlines())


def _unindented(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{first.strip()}\n{dedent(rest)}".rstrip()


def _keep(found: Docstring, kind: str, name: str, words: str) -> None:
    if kind == "param":
        found.params[name] = words
    elif kind == "raises":
        found.raises[name] = words
    elif kind == "since":
        found.since = words
    else:
        found.returns = words
