"""The directory's own taxonomy as HSDS records."""

from typing import Any

from regiohub_health_directory.taxonomy import TAXONOMY_ID, Taxonomy, Term
from regiohub_health_directory.taxonomy.catalogue import TAXONOMY_DESCRIPTION, TAXONOMY_NAME


def taxonomy_record(taxonomy: Taxonomy) -> dict[str, Any]:
    """The `taxonomy` record."""
    return {
        "id": str(TAXONOMY_ID),
        "name": TAXONOMY_NAME,
        "description": TAXONOMY_DESCRIPTION,
        "version": taxonomy.version,
    }


def taxonomy_term_record(term: Term, taxonomy: Taxonomy) -> dict[str, Any]:
    """The `taxonomy_term` record of one term, its taxonomy included."""
    record: dict[str, Any] = {
        "id": str(term.id),
        "code": term.code,
        "name": term.de,
        "description": f"{term.de} ({term.en})" + (f"; auch: {', '.join(term.synonyms)}" if term.synonyms else ""),
        "taxonomy": TAXONOMY_NAME,
        "taxonomy_id": str(TAXONOMY_ID),
        "taxonomy_detail": taxonomy_record(taxonomy),
        "language": "de",
    }
    if term.parent:
        record["parent_id"] = str(taxonomy.terms[term.parent].id)
    return record
