"""How alike two words are, from 0 to 100."""

CUT_OFF = 80.0
"""Below this a typo is a different word: Physio- and Psychotherapie reach 74."""

SHORTEST_TYPO = 4
SHORTEST_PART = 4
SHORTEST_PREFIX = 3


def similarity(asked: str, known: str) -> float:
    """100 for the same word, less for a beginning, a part of a compound and for typos; 0 when nothing fits."""
    return by_spelling(asked, known) or by_typo(asked, known) or by_compound(asked, known)


def by_spelling(asked: str, known: str) -> float:
    """The same word, its beginning, or a part of it."""
    if asked == known:
        return 100.0
    share = len(asked) / len(known) if known else 0.0
    if len(asked) >= SHORTEST_PREFIX and known.startswith(asked):
        return 85.0 + 10.0 * share
    if len(asked) >= SHORTEST_PART and asked in known:
        return 65.0 + 15.0 * share
    return 0.0


def by_typo(asked: str, known: str) -> float:
    """A word of nearly the same letters."""
    if min(len(asked), len(known)) < SHORTEST_TYPO:
        return 0.0
    from rapidfuzz import fuzz

    return fuzz.ratio(asked, known, score_cutoff=CUT_OFF) * 0.95


def by_compound(asked: str, known: str) -> float:
    """A known word inside a longer asked one."""
    return 60.0 + 15.0 * len(known) / len(asked) if len(known) >= SHORTEST_PART + 2 and known in asked else 0.0
