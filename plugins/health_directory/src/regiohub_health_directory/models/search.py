"""The search index: ordinary rows, so that both databases find the same."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import Guid, TenantTable, index


class SearchWord(TenantTable):
    """A word in its normal form, in one field of one service; the word stands as a number, see `Vocabulary`."""

    __tablename__ = "health_directory_search_word"
    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    service_id: Mapped[UUID] = mapped_column(Guid(), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    __table_args__ = (index("health_directory_search_word", "service_id"),)


class Vocabulary(TenantTable):
    """Each word of the index once: what typed words are compared with.

    Statements name words by `key`, so that a database's own log of slow statements shows no search words either.
    """

    __tablename__ = "health_directory_vocabulary"
    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str]


class VocabularyState(TenantTable):
    """Marks the vocabulary's present state, so that a process that holds this state need not read it again."""

    __tablename__ = "health_directory_vocabulary_state"
    version: Mapped[UUID]
    """A new identifier at each change; an undone change and a later one never share it."""
