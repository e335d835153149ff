"""Finding offers by the words people type.

The index is an ordinary table of words, so both databases give the same answers; matching and ranking is one piece
of Python. What was searched for is never logged.
"""

from .lexicon import Lexicon
from .query import Query, parse_query
from .ranking import Ranked, rank
from .similarity import similarity
from .terms import match_terms
from .words import index_words, normal_form

__all__ = [
    "Lexicon",
    "Query",
    "Ranked",
    "index_words",
    "match_terms",
    "normal_form",
    "parse_query",
    "rank",
    "similarity",
]
