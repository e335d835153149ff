"""The directory's own taxonomy: specialities, therapies, care and lay offers, with the words people use for them."""

from .catalogue import TAXONOMY_ID, Taxonomy, Term, load_taxonomy, term_id

__all__ = ["TAXONOMY_ID", "Taxonomy", "Term", "load_taxonomy", "term_id"]
