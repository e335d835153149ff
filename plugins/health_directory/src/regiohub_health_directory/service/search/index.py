"""Writing and reading the index of words."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import delete, select

from regiohub.api import TenantSession, uuid7
from regiohub_health_directory.models import SearchWord, ServiceTerm, Vocabulary, VocabularyState
from regiohub_health_directory.service.bundles import Bundle, load_bundles
from regiohub_health_directory.taxonomy import Taxonomy

from .lexicon import Lexicon
from .query import Query
from .terms import label_vocabulary, match_terms
from .words import index_words

FIELD_WEIGHTS = {"name": 1.0, "organization": 0.9, "place": 0.85, "description": 0.6}
_MOST_WORDS = 300
_CHUNK = 400
_MOST_LEXICONS = 32
# Immutable contents under a name of their own; a town not asked for long makes room for others.
_LEXICONS: dict[tuple[int, UUID | None], Lexicon] = {}


def word_key(word: str) -> int:
    """The number that stands for a word in the index: 63 bits of its hash, the same in every town."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) >> 1


def bundle_words(bundle: Bundle) -> set[tuple[str, str]]:
    """The (word, field) pairs of one service; a word counts in its weightiest field only."""
    service = bundle.service
    texts = {
        "name": (service.name, service.alternate_name),
        "organization": (bundle.organization.name,),
        "place": tuple(
            text
            for _, place in bundle.places
            for text in (place.name, place.address, place.postal_code, place.city, place.district)
        ),
        "description": (service.description, service.summary_easy),
    }
    found: dict[str, str] = {}
    for name, values in texts.items():
        for word in index_words(" ".join(value for value in values if value)):
            found.setdefault(word, name)
    return set(found.items())


async def reindex(session: TenantSession, ids: Sequence[UUID]) -> None:
    """Bring the words of these services up to date; the number of statements grows with chunks of rows only."""
    for start in range(0, len(ids), _CHUNK):
        await _reindex(session, ids[start : start + _CHUNK])


async def _reindex(session: TenantSession, ids: Sequence[UUID]) -> None:
    await session.flush()
    words: dict[int, str] = {}
    wanted: set[tuple[int, UUID, str]] = set()
    for bundle in await load_bundles(session, ids):
        for word, name in bundle_words(bundle):
            key = word_key(word)
            words[key] = word
            wanted.add((key, bundle.service.id, name))
    rows = await session.execute(
        select(SearchWord.key, SearchWord.service_id, SearchWord.field).where(SearchWord.service_id.in_(ids))
    )
    present = {(key, service_id, name) for key, service_id, name in rows}
    gone = {key for key, _, _ in present - wanted}
    if gone:
        await session.execute(delete(SearchWord).where(SearchWord.service_id.in_(ids), SearchWord.key.in_(gone)))
        # Deleted by key alone: what still holds of those words is written again.
        present = {row for row in present if row[0] not in gone}
    new = sorted(wanted - present, key=lambda row: (row[0], row[1], row[2]))
    await session.upsert(
        SearchWord,
        [{"key": key, "service_id": service_id, "field": name} for key, service_id, name in new],
        key=("key", "service_id", "field"),
    )
    fresh = sorted({key for key, _, _ in new})
    await session.upsert(Vocabulary, [{"key": key, "word": words[key]} for key in fresh], key=("key",))
    await _forget(session, gone)
    if fresh or gone:
        await _mark(session)


async def forget_service(session: TenantSession, service_id: UUID) -> None:
    """Take a service out of the index before it is deleted."""
    keys = set(await session.scalars(select(SearchWord.key).where(SearchWord.service_id == service_id)))
    await session.execute(delete(SearchWord).where(SearchWord.service_id == service_id))
    await _forget(session, keys)
    await _mark(session)


async def _forget(session: TenantSession, keys: set[int]) -> None:
    # A word that no service has any more would pass for a known spelling and keep typos from being forgiven.
    if keys:
        kept = set(await session.scalars(select(SearchWord.key).where(SearchWord.key.in_(keys)).distinct()))
        await session.execute(delete(Vocabulary).where(Vocabulary.key.in_(keys - kept)))


async def _mark(session: TenantSession) -> None:
    await session.upsert(VocabularyState, [{"version": uuid7()}], key=(), update=("version",))


async def lexicon(session: TenantSession, taxonomy: Taxonomy) -> Lexicon:
    """All words that typed ones are compared with. Read anew only when the town's vocabulary has changed."""
    version = await session.scalar(select(VocabularyState.version))
    key = (session.tenant_id, version)
    found = _LEXICONS.get(key)
    if found is None:
        found = Lexicon(label_vocabulary(taxonomy).union(await session.scalars(select(Vocabulary.word))))
        if version is not None:
            _LEXICONS[key] = found
        while len(_LEXICONS) > _MOST_LEXICONS:
            _LEXICONS.pop(next(iter(_LEXICONS)), None)
    return found


async def scores(session: TenantSession, taxonomy: Taxonomy, query: Query) -> Mapping[UUID, Mapping[str, float]]:
    """Score (0-100) per service and asked word: at most four statements, whatever is asked for."""
    known = await lexicon(session, taxonomy)
    fitting = {word: _most(known.best_matches(word)) for word in query.words}
    found: dict[UUID, dict[str, float]] = {}
    terms = match_terms(taxonomy, fitting)
    tagged = select(ServiceTerm.service_id, ServiceTerm.code).where(ServiceTerm.code.in_(terms))
    for service_id, code in await session.execute(tagged):
        _keep(found, service_id, terms[code])
    by_key: dict[int, dict[str, float]] = {}
    for asked, matches in fitting.items():
        for word, score in matches.items():
            by_key.setdefault(word_key(word), {})[asked] = score
    rows = select(SearchWord.service_id, SearchWord.key, SearchWord.field).where(SearchWord.key.in_(by_key))
    for service_id, key, name in await session.execute(rows):
        weight = FIELD_WEIGHTS[name]
        _keep(found, service_id, {asked: score * weight for asked, score in by_key[key].items()})
    return found


def _most(matches: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(matches.items(), key=lambda item: (-item[1], item[0]))[:_MOST_WORDS])


def _keep(found: dict[UUID, dict[str, float]], service_id: UUID, better: Mapping[str, float]) -> None:
    own = found.setdefault(service_id, {})
    for asked, score in better.items():
        own[asked] = max(own.get(asked, 0.0), score)
