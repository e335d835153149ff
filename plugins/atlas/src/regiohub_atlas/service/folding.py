"""Folding of words so that both databases find the same: case, accents and umlauts do not matter."""

import re
import unicodedata

MAX_WORDS = 10
"""More words make a query slower, never better."""

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_WORD = re.compile(r"\w+", re.UNICODE)


def fold(text: str) -> str:
    """Lower case with umlauts spelt out: ``Bürgerhäuser`` → ``buergerhaeuser``."""
    return _plain(_caseless(text).translate(_SPELT_OUT))


def searchable(*texts: str | None) -> str:
    """What a row keeps for searching: umlauts spelt out, and once more with the dots left off (``baume``)."""
    joined = " ".join(text for text in texts if text)
    spelt, bare = fold(joined), _plain(_caseless(joined))
    words = " ".join(_WORD.findall(spelt))
    return words if spelt == bare else f"{words} {' '.join(_WORD.findall(bare))}"


def search_words(query: str) -> list[str]:
    """The folded words of a query, all of which a row must contain."""
    return list(dict.fromkeys(_WORD.findall(fold(query))))[:MAX_WORDS]


def _caseless(text: str) -> str:
    """Caseless and composed. Twice, since composing may bring capitals back (``𝕊`` → ``S``)."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", once).casefold()


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
