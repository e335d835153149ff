"""Which terms of the taxonomy a query means."""

from collections.abc import Mapping
from functools import lru_cache

from regiohub_health_directory.taxonomy import Taxonomy

from .words import index_words

INHERITED = 0.9
"""What a child keeps of its parent's match: "Arzt" finds every speciality, its own name finds it better."""


@lru_cache(maxsize=8)
def label_words(taxonomy: Taxonomy) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The comparable words of each label of each term."""
    return {
        code: tuple(words for label in term.labels if (words := tuple(index_words(label))))
        for code, term in taxonomy.terms.items()
    }


@lru_cache(maxsize=8)
def label_vocabulary(taxonomy: Taxonomy) -> frozenset[str]:
    """All words of all labels."""
    return frozenset(word for labels in label_words(taxonomy).values() for label in labels for word in label)


def match_terms(taxonomy: Taxonomy, fitting: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Scores per term code and asked word, 0-100, from `fitting`: asked word → fitting label words → similarity.

    A label counts fully when all of its words were asked for, so "praktischer Arzt" alone does not make every
    question for an Arzt a question for a general practitioner.
    """
    own = {code: _best(labels, fitting) for code, labels in label_words(taxonomy).items()}
    result: dict[str, dict[str, float]] = {}
    for code in taxonomy.terms:
        merged = dict(own[code])
        for distance, above in enumerate(taxonomy.ancestors(code), start=1):
            for asked, score in own[above].items():
                merged[asked] = max(merged.get(asked, 0.0), score * INHERITED**distance)
        if merged:
            result[code] = merged
    return result


def _best(labels: tuple[tuple[str, ...], ...], fitting: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    best: dict[str, float] = {}
    for label in labels:
        scores: dict[str, float] = {}
        covered: set[str] = set()
        for asked, known in fitting.items():
            hits = [(known[word], word) for word in label if word in known]
            if hits:
                scores[asked], word = max(hits)
                covered.add(word)
        share = 0.7 + 0.3 * len(covered) / len(label)
        for asked, score in scores.items():
            best[asked] = max(best.get(asked, 0.0), score * share)
    return best
