"""The normal form of a word: one spelling for umlauts, endings and the family of a profession."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ß", "ss"))
# Endings that name the person instead of the thing; the stemmer keeps these apart.
_FAMILIES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=.{4})praxis$|(?<=.{4})praxen$", ""),
        (r"arzt(in|innen|e|en|es|s)$", "arzt"),
        (r"therapeut(in|innen|en)?$", "therapie"),
        (r"(?<=.{3})log(e|en|in|innen)$", "logie"),
        (r"(?<=.{3})pad(e|en|in|innen)$", "padie"),
        (r"(?<=.{3})iater(in|innen|n)?$", "iatrie"),
        (r"chirurg(in|innen|en)?$", "chirurgie"),
        (r"praktiker(in|innen|n)?$", "praktik"),
    )
)
STOP_WORDS = frozenset(
    _WORD.findall(
        "a am an and auf aus bei beim brauche das dem den der des die ein eine einem einen einer for fur gibt guten "
        "ich im in ist mein meine mich mir mit nach nahe near oder of suche the und vom von wo zu zum zur"
    )
)


@cache
def _german() -> Any:
    # Every language's stemmer comes with the package: loaded with the first search, not with the server.
    from snowballstemmer import stemmer

    return stemmer("german")


def fold(text: str) -> str:
    """Lower case without diacritics; ``ae``, ``oe``, ``ue`` count as the umlauts that they stand for."""
    lowered = unicodedata.normalize("NFKC", text).casefold()
    for pair, single in _DIGRAPHS:
        lowered = lowered.replace(pair, single)
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """Letters and digits only: their order is the same under every collation."""
    return "".join(c for c in fold(text) if c.isalnum())


@lru_cache(maxsize=16384)
def normal_form(word: str) -> str:
    """The form in which words are compared, e.g. ``Zahnärztin`` → ``zahnarzt``."""
    folded = fold(word)
    for pattern, replacement in _FAMILIES:
        folded = pattern.sub(replacement, folded)
    return _german().stemWord(folded) or folded


def split_words(text: str) -> list[str]:
    """The words of a text as typed, in order."""
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def index_words(text: str) -> list[str]:
    """Normal forms of the words worth finding, each once, in order."""
    found = dict.fromkeys(normal_form(word) for word in split_words(text) if fold(word) not in STOP_WORDS)
    return [word[:64] for word in found if len(word) > 1 or word.isdigit()]
