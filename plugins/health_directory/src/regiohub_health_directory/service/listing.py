"""Lists for exports: which rows, in which order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from regiohub.api import Ctx, InvalidInput, near, t
from regiohub_health_directory.models import Location, Organization, Service, ServiceAtLocation
from regiohub_health_directory.taxonomy import TAXONOMY_ID, Term, load_taxonomy

from .conditions import Around, ServiceSearch
from .finding import find_services, parsed_query
from .search.lexicon import Lexicon
from .search.ranking import rank
from .search.words import fold, index_words

_AT = and_(Location.tenant_id == ServiceAtLocation.tenant_id, Location.id == ServiceAtLocation.location_id)


def categories_of(term_id: UUID | None, taxonomy_id: UUID | None) -> frozenset[str] | None:
    """The codes behind identifiers of a term or of the taxonomy; None when nothing can fall under them."""
    if taxonomy_id is not None and taxonomy_id != TAXONOMY_ID:
        return None
    if term_id is None:
        return frozenset()
    term = load_taxonomy().by_id(term_id)
    return frozenset({term.code}) if term else None


async def find_organizations(ctx: Ctx, text: str | None) -> list[UUID]:
    """Organisations by name, or those whose names fit the words, best first."""
    rows = await ctx.session.execute(select(Organization.id, Organization.name))
    names = {row.id: row.name for row in rows}

    def tie(identifier: UUID) -> tuple[str, UUID]:
        return fold(names[identifier]), identifier

    query = parsed_query(text)
    if query is None:
        return sorted(names, key=tie)
    words = {identifier: index_words(name) for identifier, name in names.items()}
    known = Lexicon(word for own in words.values() for word in own)
    fitting = {asked: known.best_matches(asked) for asked in query.words}
    scores = {
        identifier: {asked: max(matches.get(word, 0.0) for word in own) for asked, matches in fitting.items()}
        for identifier, own in words.items()
        if own
    }
    found = {identifier: score for identifier, score in scores.items() if any(score.values())}
    return [candidate.id for candidate in rank(query.words, found, tie=tie)]


async def find_places(ctx: Ctx, search: ServiceSearch, around: Around | None) -> list[tuple[UUID, UUID]]:
    """(service at location, service) of the found services, in their order; only places inside `around` if given."""
    hits = {hit.id: number for number, hit in enumerate(await find_services(ctx, search))}
    statement = select(ServiceAtLocation.id, ServiceAtLocation.service_id).join(Location, _AT)
    if search.postal_code and around is None:
        statement = statement.where(Location.postal_code == search.postal_code)
    if around is not None:
        statement = statement.where(near(Location.place, around.lon, around.lat, around.metres))
    rows = [(place, service) for place, service in await ctx.session.execute(statement) if service in hits]
    return sorted(rows, key=lambda row: (hits[row[1]], row[0]))


async def times_of_change(ctx: Ctx) -> dict[UUID, datetime]:
    """When each service last changed, in one statement: a list of all identifiers would be too long for it."""
    rows = await ctx.session.execute(select(Service.id, Service.updated_at))
    return {row.id: row.updated_at for row in rows}


async def around_postcode(ctx: Ctx, postcode: str, metres: float) -> Around:
    """A circle around the middle of the places that are known in a postal code; raises `InvalidInput` if none is."""
    rows = await ctx.session.scalars(
        select(Location.place).where(Location.postal_code == postcode, Location.place.is_not(None))
    )
    points = [place["coordinates"] for place in rows if place]
    if not points:
        message = t(
            "Zur Postleitzahl {code} ist kein Ort bekannt, um den gesucht werden kann.",
            "No place is known for the postal code {code} to search around.",
        )
        raise InvalidInput(message.format(code=postcode[:10]), field="postcode")
    lon = sum(point[0] for point in points) / len(points)
    lat = sum(point[1] for point in points) / len(points)
    return Around(lon, lat, metres)


def find_terms(text: str | None, *, taxonomy_id: UUID | None, parent_id: UUID | None, top_only: bool) -> Sequence[Term]:
    """Terms of the taxonomy in the file's order, or by words, best first."""
    taxonomy = load_taxonomy()
    if taxonomy_id is not None and taxonomy_id != TAXONOMY_ID:
        return ()
    parent = taxonomy.by_id(parent_id) if parent_id else None
    terms = [
        term
        for term in taxonomy.terms.values()
        if (not top_only or term.parent is None)
        and (parent_id is None or (parent is not None and term.parent == parent.code))
    ]
    query = parsed_query(text)
    if query is None:
        return terms
    words = {term.code: index_words(" ".join(term.labels)) for term in terms}
    known = Lexicon(word for own in words.values() for word in own)
    fitting = {asked: known.best_matches(asked) for asked in query.words}
    found = [term for term in terms if all(any(w in matches for w in words[term.code]) for matches in fitting.values())]
    return sorted(found, key=lambda term: -sum(max(m.get(w, 0.0) for w in words[term.code]) for m in fitting.values()))
