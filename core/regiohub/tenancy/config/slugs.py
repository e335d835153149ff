"""Slugs of towns: their form, the words the platform keeps for itself, and help with misspelt ones."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable

SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$"
_SLUG = re.compile(SLUG_PATTERN)

# The first path segment decides between a town and the platform's own routes, and a slug also serves as a host
# label and as the alias of the town's organisation. Words that exist, or are likely to, on any of the three stay ours.
_RESERVED = """
about account admin api app apps assets atom auth callback cdn console css data demo docs download downloads events
export favicon favicon-ico feed feeds files graphiql graphql health healthz help host hosts img images impressum
import ingest internal issuer js jwks legal livez localhost login logout mail map maps me media metrics mqtt new
null oauth oauth2 oidc openapi openapi-json openid ops platform plugins portal privacy programmes public ready
readyz redoc region regional regiohub robots robots-txt rss search session sessions settings shared sitemap
sitemap-xml smtp static status support swagger system tenant tenants test token tokens undefined upload uploads
user users webhook webhooks well-known ws www
"""
RESERVED_SLUGS: frozenset[str] = frozenset(_RESERVED.split())

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-", "_": "-", "/": "-"})


def is_valid_slug(slug: str) -> bool:
    """Whether the text has the form of a slug: 2 to 40 of ``a-z 0-9 -``, no hyphen at either end."""
    return _SLUG.fullmatch(slug) is not None


def is_reserved_slug(slug: str) -> bool:
    """Whether the word belongs to the platform (``console``, ``region``, ``auth``, ``healthz`` …).

    Dots and a leading dot are read as hyphens, so ``favicon.ico`` and ``.well-known`` are found too.
    """
    return slug.casefold().strip(".").replace(".", "-") in RESERVED_SLUGS


def near_names(slug: str, known: Iterable[str], *, limit: int = 3) -> list[str]:
    """The known slugs most like a misspelt one, best first; empty when nothing is near.

    Umlauts, spaces and capitals are folded first. The input may come from a URL: only its first 60 characters count.
    """
    wanted = _folded(slug)
    names = sorted(set(known))
    # A part of a name ("belzig", "wiesenburg-mark") is nearer to what people mean than its edit distance says.
    parts = [name for name in names if len(wanted) >= 4 and (wanted in name or name in wanted)]
    close = difflib.get_close_matches(wanted, names, n=limit, cutoff=0.6)
    return list(dict.fromkeys([*parts, *close]))[:limit]


_CANDIDATES = 60


class NearNames:
    """`near_names` for thousands of known ones: only those that share pairs of letters with a word are compared."""

    def __init__(self, known: Iterable[str]) -> None:
        self._names = sorted(set(known))
        self._pairs: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            for pair in _pairs(name):
                self._pairs.setdefault(pair, []).append(number)

    def of(self, slug: str, *, limit: int = 3) -> list[str]:
        """The known names most like a misspelt one, best first; empty when nothing is near."""
        if len(self._names) <= _CANDIDATES:
            return near_names(slug, self._names, limit=limit)
        shared: Counter[int] = Counter()
        for pair in _pairs(_folded(slug)):
            shared.update(self._pairs.get(pair, ()))
        # Of two names that share as much, the one with less beside it is nearer.
        best = sorted(shared, key=lambda number: (-shared[number], len(self._names[number])))
        return near_names(slug, [self._names[number] for number in best[:_CANDIDATES]], limit=limit)


def _folded(slug: str) -> str:
    return slug[:60].casefold().translate(_UMLAUTS).strip("-.")


def _pairs(word: str) -> set[str]:
    return {word[start : start + 2] for start in range(len(word) - 1)}
