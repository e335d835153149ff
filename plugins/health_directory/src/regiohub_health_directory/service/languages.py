"""Languages in which offers can be had: ISO 639 codes with their names."""

from functools import lru_cache

from babel import Locale

SIGN_LANGUAGE = "gsg"
PLAIN_LANGUAGE = "de-simple"
_OWN_NAMES = {
    SIGN_LANGUAGE: ("Deutsche Gebärdensprache", "German Sign Language"),
    PLAIN_LANGUAGE: ("Leichte Sprache", "Easy German"),
}


@lru_cache(maxsize=512)
def language_name(code: str, language: str) -> str:
    """The name of a language in German (``de``) or English (``en``); the code itself when it is unknown."""
    if code in _OWN_NAMES:
        return _OWN_NAMES[code][language == "en"]
    return Locale(language if language == "en" else "de").languages.get(code, code)


def is_language(code: str) -> bool:
    """Whether the code is one that has a name."""
    return code in _OWN_NAMES or code in Locale("de").languages
