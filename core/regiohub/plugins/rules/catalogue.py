"""All rules, in the order in which an author wants to hear of them."""

from __future__ import annotations

from collections.abc import Sequence

from regiohub.plugins.manifest import Plugin

from . import code, declarations, imports, outgoing, shape, tables, texts
from .reading import installed_project
from .rule import Project, Rule
from .verdict import EXEMPTIONS, Verdict, promises, verdicts

RULES: tuple[Rule, ...] = (
    *shape.RULES,
    *declarations.RULES,
    *texts.RULES,
    *tables.RULES,
    *imports.RULES,
    *outgoing.RULES,
    *code.RULES,
    EXEMPTIONS,
)


def judge(project: Project, rules: Sequence[Rule] = RULES) -> list[Verdict]:
    """What comes out for a project, rule by rule, exemptions counted."""
    known = {rule.id for rule in RULES}
    # The promises bring pytest along, which only exemptions are worth.
    return verdicts(project, rules, known | promises() if project.exempt else known)


def static_rules(plugin: Plugin) -> Sequence[Verdict]:
    """What a loaded plugin's files and declarations show, wherever it is installed; exemptions count."""
    return judge(installed_project(plugin))
