"""Words for people: always German and English, both complete."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in German and English. An empty half is a fault of the author and refused at once."""

    de: str
    en: str

    def __post_init__(self) -> None:
        if not self.de.strip() or not self.en.strip():
            raise ValueError("a text needs words in German and in English")

    def get(self, language: str = "de") -> str:
        """The words in a language: English for ``en`` and ``en-…``, otherwise German."""
        return self.en if language[:2].lower() == "en" else self.de

    def format(self, **values: object) -> "Text":
        """The text with its ``{placeholders}`` filled in, in both languages."""
        return Text(self.de.format(**values), self.en.format(**values))

    def __str__(self) -> str:
        return self.de


def t(de: str, en: str) -> Text:
    """A text in German and English: ``t("Buchung", "Booking")``."""
    return Text(de, en)
