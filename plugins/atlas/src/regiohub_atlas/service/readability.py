"""How hard a German text is to read, worked out on this machine: the first Wiener Sachtextformel.

R. Bamberger, E. Vanecek: Lesen - Verstehen - Lernen - Schreiben, 1984. The figure is a school year: 4 is very easy, 15
very hard. It measures the length of sentences and words, and nothing else: it is a hint, no proof of plain language.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from regiohub_atlas.models.enums import TextVariety

if TYPE_CHECKING:
    from pyphen import Pyphen

_WORD = re.compile(r"[^\W\d_]+(?:[-\u00b7’'][^\W\d_]+)*")
_END = re.compile(r"(?<=[.!?:;])[\s\"“”»«)]+|\n+")
_VOWELS = re.compile(r"[aä]u|[ae]i|eu|ie|ee|oo|aa|[aeiouyäöüáàâéèêíìîóòôúùû]", re.IGNORECASE)
_LONG_LETTERS: Final = 6
_MANY_SYLLABLES: Final = 3
SHOWN: Final = 5
"""How many sentences and words a hint names at most."""


class Ease(StrEnum):
    """How a text fits what it wants to be."""

    EMPTY = "empty"
    GOOD = "good"
    HARD = "hard"
    TOO_HARD = "too_hard"


@dataclass(frozen=True, slots=True)
class Target:
    """What a variety aims at: school year, words in a sentence, letters in a word (without its parts)."""

    year: float
    words: int
    letters: int


TARGETS: Final = {
    TextVariety.EASY: Target(5.0, 10, 14),
    TextVariety.PLAIN: Target(8.0, 15, 18),
    TextVariety.TRANSLATION: Target(12.0, 25, 28),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured. ``year`` is None without words; ``long_sentences`` and ``long_words`` are what to change
    first, the longest in front."""

    words: int
    sentences: int
    year: float | None
    ease: Ease
    long_sentences: tuple[str, ...] = ()
    long_words: tuple[str, ...] = ()


def read_text(text: str, variety: TextVariety = TextVariety.PLAIN) -> Reading:
    """Measure a German text against what a variety aims at."""
    target = TARGETS[variety]
    sentences = [(part.strip(), _WORD.findall(part)) for part in _END.split(text)]
    sentences = [(part, words) for part, words in sentences if words]
    words = [word for _, found in sentences for word in found]
    if not words:
        return Reading(0, 0, None, Ease.EMPTY)
    year = school_year(words, len(sentences))
    too_long = sorted((s for s in sentences if len(s[1]) > target.words), key=lambda s: -len(s[1]))
    heavy = sorted(
        {word for word in words if _longest_part(word) > target.letters}, key=lambda word: (-len(word), word)
    )
    if year <= target.year and not too_long and not heavy:
        ease = Ease.GOOD
    else:
        ease = Ease.HARD if year <= target.year + 2 else Ease.TOO_HARD
    return Reading(
        len(words), len(sentences), round(max(year, 0), 1), ease,
        tuple(part for part, _ in too_long[:SHOWN]), tuple(heavy[:SHOWN]),
    )  # fmt: skip


def school_year(words: list[str], sentences: int) -> float:
    """The formula: ``0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES - 0.875``.

    MS, IW and ES are the shares in percent of words with three syllables or more, with more than six letters, and with
    one syllable; SL is the mean number of words in a sentence.
    """
    counts = [syllables(word) for word in words]
    share = 100 / len(words)
    many = share * sum(count >= _MANY_SYLLABLES for count in counts)
    one = share * sum(count == 1 for count in counts)
    long = share * sum(len(word) > _LONG_LETTERS for word in words)
    return 0.1935 * many + 0.1672 * len(words) / sentences + 0.1297 * long - 0.0327 * one - 0.875


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables of a German word, one at least, and never more than it has vowels (``ei`` counts as one)."""
    parts = [part for part in re.split(r"[-\u00b7’']", word) if part]
    return sum(_syllables_of_part(part) for part in parts) or 1


def _syllables_of_part(part: str) -> int:
    vowels = len(_VOWELS.findall(part))
    return max(1, min(len(_hyphens().positions(part)) + 1, vowels))


def _longest_part(word: str) -> int:
    """Letters of the longest part: a hyphen or a middle dot makes a long word readable."""
    return max(len(part) for part in re.split(r"[-\u00b7]", word))


@lru_cache(maxsize=1)
def _hyphens() -> "Pyphen":
    # The patterns are read from a file: only where somebody measures a text.
    from pyphen import Pyphen

    return Pyphen(lang="de_DE", left=1, right=1)
