"""Judging a project by rules: done, exempt with a reason, or to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from .rule import Project, Rule
from .sources import Source


class State(StrEnum):
    """Where a project stands with a rule."""

    DONE = "done"
    EXEMPT = "exempt"
    TODO = "to do"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out for one rule. `faults`: a sentence per place; `reason`: why the project is exempt."""

    rule: Rule
    state: State
    faults: tuple[str, ...] = ()
    reason: str | None = None


EXEMPTIONS = Rule(
    "exemptions-needed",
    "Exemptions name a rule, give a reason, and are still needed",
    "Correct the line in [tool.regiohub.exempt] of pyproject.toml, or take it out.",
    lambda _: (),
)
"""Judged from the verdicts of the other rules."""


def verdicts(project: Project, rules: Sequence[Rule], known: Collection[str]) -> list[Verdict]:
    """Verdicts in the order of the rules; a rule that needs the project's folder is left out where there is none.

    :param known: ids that an exemption may name.
    """
    others = [rule for rule in rules if rule is not EXEMPTIONS and (project.root or not rule.needs_root)]
    judged = [_judge(project, rule) for rule in others]
    if EXEMPTIONS in rules:
        faults = tuple(_exemption_faults(project, judged, known))
        judged.append(Verdict(EXEMPTIONS, State.TODO if faults else State.DONE, faults))
    return judged


def _judge(project: Project, rule: Rule) -> Verdict:
    found: list[str] = []
    try:
        found.extend(rule.faults(project))
    # Rules run the plugin's declarations, and read what anybody may have written: the other rules are judged all the
    # same, and this one is not fulfilled as long as nobody knows.
    except (Exception, SystemExit) as error:
        found.append(f"{_place(project, error)}: {rule.id} cannot be judged: {type(error).__name__}: {error}")
    faults = tuple(found)
    reason = project.exempt.get(rule.id, "").strip()
    if faults and reason:
        return Verdict(rule, State.EXEMPT, faults, reason)
    return Verdict(rule, State.TODO if faults else State.DONE, faults)


def _place(project: Project, error: BaseException) -> str:
    """The plugin's own line that failed, the file of it that was being read, or else the line of the rule."""
    base, step, found, last = project.root or project.package.parent, error.__traceback__, "", ""
    while step is not None:
        file = Path(step.tb_frame.f_code.co_filename)
        read = [value.shown for value in step.tb_frame.f_locals.values() if isinstance(value, Source)]
        if file.is_relative_to(base):
            found = f"{file.relative_to(base).as_posix()}:{step.tb_lineno}"
        elif read:
            found = read[-1]
        last = f"{file.name}:{step.tb_lineno}"
        step = step.tb_next
    return found or last


def _exemption_faults(project: Project, judged: Sequence[Verdict], known: Collection[str]) -> Iterator[str]:
    fulfilled = {verdict.rule.id for verdict in judged if verdict.state is State.DONE}
    for id_, reason in project.exempt.items():
        if id_ not in known:
            yield f"{id_}: there is no rule or promise of that name"
        elif not reason.strip():
            yield f"{id_}: no reason is given"
        elif id_ in fulfilled:
            yield f"{id_}: the rule is kept, no exemption is needed any more"


@cache
def promises() -> frozenset[str]:
    """Ids of the contract's promises, which may stand among the exemptions, too; none where pytest is missing."""
    try:
        from regiohub.testing.contract.promises import PROMISES
    except ModuleNotFoundError:
        return frozenset()
    return frozenset(promise.id for promise in PROMISES)
