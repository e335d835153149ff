"""All words of a town's index at hand, made for quick comparison."""

from collections.abc import Iterable, Iterator

from .similarity import CUT_OFF, SHORTEST_PART, SHORTEST_PREFIX, SHORTEST_TYPO, by_compound, by_spelling

_KEEP_WITHIN = 8.0
_MOST_TYPOS = 40


class Lexicon:
    """An immutable set of words. Parts of words are looked up in one long text, which is far quicker than a loop."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._list = sorted(self.words)
        self._text = "\n" + "\n".join(self._list) + "\n"

    def best_matches(self, asked: str) -> dict[str, float]:
        """The words that fit, with their similarity from 0 to 100.

        Typos count only when no word fits as spelled, and only those close to the best one: a correctly typed Hautarzt
        must not bring up every Hausarzt. Known words inside a longer asked one come last.
        """
        spelled = {word: score for word in self._containing(asked) if (score := by_spelling(asked, word))}
        if spelled or len(asked) < SHORTEST_TYPO:
            return spelled
        from rapidfuzz import fuzz, process

        close = process.extract(asked, self._list, scorer=fuzz.ratio, score_cutoff=CUT_OFF, limit=_MOST_TYPOS)
        if not close:
            return {word: score for word in self._inside(asked) if (score := by_compound(asked, word))}
        best = max(score for _, score, _ in close)
        return {
            word: score * 0.95
            for word, score, _ in close
            if score >= best - _KEEP_WITHIN and len(word) >= SHORTEST_TYPO
        }

    def _containing(self, asked: str) -> Iterator[str]:
        if asked in self.words:
            yield asked
        if len(asked) < SHORTEST_PREFIX:
            return
        part = asked if len(asked) >= SHORTEST_PART else f"\n{asked}"
        place = self._text.find(part)
        while place != -1:
            start = self._text.rfind("\n", 0, place + 1) + 1
            end = self._text.index("\n", place + len(part))
            yield self._text[start:end]
            place = self._text.find(part, end)

    def _inside(self, asked: str) -> frozenset[str]:
        parts = (asked[start:end] for start in range(len(asked)) for end in range(start + 1, len(asked) + 1))
        return self.words.intersection(parts)
