"""Reading the data file into an immutable tree."""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from uuid import UUID, uuid5

TAXONOMY_ID = UUID("6d0a4f0e-5a0f-5c57-9d0b-7f6f1f2a9c31")
TAXONOMY_NAME = "Regio.hub Gesundheit"
TAXONOMY_DESCRIPTION = "Fachrichtungen, Therapien, Pflege, Beratung und Angebote von Mensch zu Mensch, auf Deutsch."


def term_id(code: str) -> UUID:
    """The fixed identifier of a term in exports, the same in every town and at any time."""
    return uuid5(TAXONOMY_ID, code)


@dataclass(frozen=True)
class Term:
    """One thing that can be offered."""

    code: str
    parent: str | None
    de: str
    en: str
    synonyms: tuple[str, ...]
    osm: str | None = None
    official: str | None = None

    @property
    def id(self) -> UUID:
        """The identifier used in exports."""
        return term_id(self.code)

    def title(self, language: str) -> str:
        """The title in English (``en``), else in German."""
        return self.en if language == "en" else self.de

    @property
    def labels(self) -> tuple[str, ...]:
        """Everything the term may be called, the German title first."""
        return (self.de, self.en, *self.synonyms)


@dataclass(frozen=True)
class Taxonomy:
    """All terms by code, parents before their children."""

    version: str
    terms: dict[str, Term]
    _ids: dict[UUID, Term] = field(default_factory=dict[UUID, Term], repr=False)
    _children: dict[str | None, tuple[Term, ...]] = field(
        default_factory=dict[str | None, tuple[Term, ...]], repr=False
    )

    def __post_init__(self) -> None:
        for term in self.terms.values():
            self._ids[term.id] = term
            self._children[term.parent] = (*self._children.get(term.parent, ()), term)

    def __hash__(self) -> int:
        return hash(self.version)

    def by_id(self, identifier: UUID) -> Term | None:
        """The term with this identifier, if there is one."""
        return self._ids.get(identifier)

    def children(self, code: str | None) -> tuple[Term, ...]:
        """Direct children in the file's order; of `None`, the top terms."""
        return self._children.get(code, ())

    def with_descendants(self, code: str) -> frozenset[str]:
        """The code itself and every code below it; empty for an unknown code."""
        if code not in self.terms:
            return frozenset()
        below = (self.with_descendants(child.code) for child in self.children(code))
        return frozenset({code}).union(*below)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes above, nearest first."""
        parent = self.terms[code].parent
        return (parent, *self.ancestors(parent)) if parent else ()


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The taxonomy of the package, read once."""
    data = tomllib.loads((files("regiohub_health_directory.taxonomy") / "terms.toml").read_text("utf-8"))
    terms = {
        row["code"]: Term(
            code=row["code"],
            parent=row.get("parent"),
            de=row["de"],
            en=row["en"],
            synonyms=tuple(row["synonyms"]),
            osm=row.get("osm"),
            official=row.get("official"),
        )
        for row in data["term"]
    }
    return Taxonomy(data["version"], terms)
