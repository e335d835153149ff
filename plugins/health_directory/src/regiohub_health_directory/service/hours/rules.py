"""Splitting a canonical text into its rules, as far as holidays, warnings and exports need to see them."""

import re
from dataclasses import dataclass, replace

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_SPAN = rf"{_DAY}(?:-{_DAY})?(?:\[[^\]]*\])?"
_DAYS = re.compile(rf"{_SPAN}(?:,{_SPAN})*")
_OFFSET = re.compile(r"[+-]\d+ days?(?= |$)")
_TIME = re.compile(r"24/7|\d{1,2}:\d{2}|sunrise|sunset|dawn|dusk|\(")
_MODIFIERS = ("open", "closed", "off", "unknown")


@dataclass(frozen=True)
class Rule:
    """One rule: ``<separator><dates> <days> <rest>``; `rest` holds times, modifier and comment."""

    separator: str
    dates: str
    days: tuple[str, ...]
    offset: str
    rest: str

    @property
    def closes(self) -> bool:
        """Whether the rule says closed instead of open."""
        return bool(re.search(r"(^| )(closed|off)( |$)", _without_comment(self.rest)))

    @property
    def weekdays(self) -> frozenset[int]:
        """Plain weekdays it speaks of, Monday is 0; all seven when it names no day at all; numbered days left out."""
        if not self.days:
            return frozenset(range(7))
        found: set[int] = set()
        for part in self.days:
            if "[" in part or part in ("PH", "SH"):
                continue
            first, _, last = part.partition("-")
            start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
            found.update((start + step) % 7 for step in range((end - start) % 7 + 1))
        return frozenset(found)

    def names(self, holiday: str) -> bool:
        """Whether the day selector names `holiday` (``PH`` or ``SH``)."""
        return holiday in self.days

    def text(self) -> str:
        """The rule without its separator."""
        days = ",".join(self.days) + (f" {self.offset}" if self.offset else "")
        return " ".join(part for part in (self.dates, days, self.rest) if part)

    def with_days(self, *days: str) -> "Rule":
        """The same rule for other days, without an offset."""
        return replace(self, days=days, offset="")


def split_rules(canonical: str) -> tuple[Rule, ...]:
    """The rules of a canonical text in order; the first has the separator ``""``."""
    return tuple(_rule(separator, body) for separator, body in _pieces(canonical))


def join_rules(rules: tuple[Rule, ...]) -> str:
    """The opposite of `split_rules`; the first rule's separator is left out."""
    return "".join((rule.separator if place else "") + rule.text() for place, rule in enumerate(rules))


def _pieces(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    separator, start, quoted, place = "", 0, False, 0
    while place < len(text):
        if text[place] == '"':
            quoted = not quoted
        mark = "" if quoted else next((s for s in ("; ", ", ", " || ") if text.startswith(s, place)), "")
        if mark:
            found.append((separator, text[start:place]))
            separator, place = mark, place + len(mark)
            start = place
        else:
            place += 1
    found.append((separator, text[start:]))
    return found


def _rule(separator: str, body: str) -> Rule:
    words = body.split(" ")
    for index, word in enumerate(words):
        if word.startswith('"') or _TIME.match(word) or word in _MODIFIERS:
            return Rule(separator, " ".join(words[:index]), (), "", " ".join(words[index:]))
        if _DAYS.fullmatch(word):
            rest = " ".join(words[index + 1 :])
            shift = _OFFSET.match(rest)
            offset = shift.group() if shift else ""
            dates = " ".join(words[:index])
            return Rule(separator, dates, _split_days(word), offset, rest[len(offset) :].strip())
    return Rule(separator, body, (), "", "")


def _split_days(word: str) -> tuple[str, ...]:
    return tuple(re.split(r",(?![^\[]*\])", word))


def _without_comment(rest: str) -> str:
    return re.sub(r'"[^"]*"', "", rest).strip()
