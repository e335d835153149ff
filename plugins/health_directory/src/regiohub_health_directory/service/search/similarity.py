"""How alike two words are, from 0 to 100."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

CUT_OFF = 80.0
"""Below this a typo is a different word: Physio- and Psychotherapie reach 74."""

_KEEP_WITHIN = 8.0
_SHORTEST_TYPO = 4
_SHORTEST_PART = 4
_SHORTEST_PREFIX = 3


def similarity(asked: str, known: str) -> float:
    """100 for the same word, less for a beginning, a part of a compound and for typos; 0 when nothing fits."""
    return _by_spelling(asked, known) or _by_typo(asked, known) or _by_compound(asked, known)


def best_matches(asked: str, known: Iterable[str]) -> dict[str, float]:
    """The known words that fit, with their similarity.

    Typos count only when no word fits as spelled, and only those close to the best one: a correctly typed Hautarzt
    must not bring up every Hausarzt. Known words inside a longer asked one come last.
    """
    words = list(known)
    spelled = {word: score for word in words if (score := _by_spelling(asked, word))}
    if spelled or len(asked) < _SHORTEST_TYPO:
        return spelled
    close = process.extract(asked, words, scorer=fuzz.ratio, score_cutoff=CUT_OFF, limit=40)
    if not close:
        return {word: score for word in words if (score := _by_compound(asked, word))}
    best = max(score for _, score, _ in close)
    return {word: score * 0.95 for word, score, _ in close if score >= best - _KEEP_WITHIN and len(word) >= 4}


def _by_spelling(asked: str, known: str) -> float:
    if asked == known:
        return 100.0
    share = min(len(asked), len(known)) / max(len(asked), len(known))
    if len(asked) >= _SHORTEST_PREFIX and known.startswith(asked):
        return 85.0 + 10.0 * share
    if len(asked) >= _SHORTEST_PART and asked in known:
        return 65.0 + 15.0 * share
    return 0.0


def _by_compound(asked: str, known: str) -> float:
    return 60.0 + 15.0 * len(known) / len(asked) if len(known) >= _SHORTEST_PART + 2 and known in asked else 0.0


def _by_typo(asked: str, known: str) -> float:
    if min(len(asked), len(known)) < _SHORTEST_TYPO:
        return 0.0
    return fuzz.ratio(asked, known, score_cutoff=CUT_OFF) * 0.95
