"""What bare HTTP statuses say to people."""

from typing import Final

from regiohub.texts import Text, t

_WORDS: Final[dict[int, tuple[str, Text]]] = {
    400: ("BAD_REQUEST", t("Die Anfrage ist nicht lesbar.", "The request cannot be read.")),
    401: ("UNAUTHENTICATED", t("Bitte zuerst anmelden.", "Please sign in first.")),
    403: ("FORBIDDEN", t("Dazu fehlt das Recht.", "You may not do this.")),
    404: ("NOT_FOUND", t("Diese Adresse gibt es hier nicht.", "There is nothing at this address.")),
    405: ("METHOD_NOT_ALLOWED", t("Das geht an dieser Adresse nicht.", "This address does not take that method.")),
    406: ("NOT_ACCEPTABLE", t("Dieses Format gibt es hier nicht.", "This format is not offered here.")),
    413: ("BODY_TOO_LARGE", t("Die Anfrage ist zu groß.", "The request is too large.")),
    415: ("UNSUPPORTED_MEDIA_TYPE", t("Dieses Format wird nicht verstanden.", "This format is not understood.")),
    422: ("INVALID_INPUT", t("Die Eingabe ist ungültig.", "The input is not valid.")),
    429: ("TOO_MANY", t("Zu viele Anfragen. Bitte später noch einmal.", "Too many requests. Please try later.")),
    500: (
        "INTERNAL",
        t(
            "Hier ist etwas schiefgegangen. Der Fehler ist vermerkt.",
            "Something went wrong here. The fault has been recorded.",
        ),
    ),
    503: ("UNAVAILABLE", t("Das ist gerade nicht erreichbar.", "This is not available at the moment.")),
}


def words_for(status: int) -> tuple[str, Text]:
    """Code and words for an HTTP status; a general pair for one that has no words of its own."""
    return _WORDS.get(status) or (f"HTTP_{status}", t("Das ging nicht.", "That did not work."))
