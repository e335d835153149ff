"""What is asked before something is done that cannot simply be taken back."""

from dataclasses import dataclass

from fastapi import Response

from regiohub.api import Text, t
from regiohub.api.console import Page


@dataclass(frozen=True, slots=True)
class Question:
    """A question, what follows from a yes, and the words on the button."""

    words: Text
    consequences: tuple[Text, ...]
    submit: Text
    danger: bool = True

    def ask(self, page: Page, back: str) -> Response:
        """The page that asks."""
        return page.ask(self.words, self.consequences, submit=self.submit, back=back, danger=self.danger)


PUBLISH = Question(
    t("Verfahren veröffentlichen?", "Publish the procedure?"),
    (
        t(
            "Alle sehen es sofort: in der API, auf der Karte und im Kalender.",
            "Everybody sees it at once: in the API, on the map and in the calendar.",
        ),
        t(
            "Danach bleibt es im Archiv und kann nicht mehr gelöscht werden.",
            "It then stays in the archive and cannot be deleted any more.",
        ),
    ),
    t("Veröffentlichen", "Publish"),
    danger=False,
)
WITHDRAW = Question(
    t("Verfahren zurückziehen?", "Withdraw the procedure?"),
    (
        t(
            "Niemand außerhalb der Verwaltung sieht es mehr, auch seine Termine und Dateien nicht.",
            "Nobody outside the administration sees it any more, nor its dates and files.",
        ),
        t("Alle Angaben bleiben erhalten.", "All details are kept."),
    ),
    t("Zurückziehen", "Withdraw"),
)
DELETE = Question(
    t("Entwurf löschen?", "Delete the draft?"),
    (
        t(
            "Alle Angaben, Phasen, Termine, Dokumente und Fassungen verschwinden.",
            "All details, phases, dates, documents and versions vanish.",
        ),
    ),
    t("Löschen", "Delete"),
)
REMOVE_DOCUMENT = Question(
    t("Dokument entfernen?", "Remove the document?"),
    (
        t(
            "Eine hochgeladene Datei ist danach nicht mehr erreichbar.",
            "An uploaded file can then no longer be reached.",
        ),
    ),
    t("Entfernen", "Remove"),
)
CANCEL_DATE = Question(
    t("Termin absagen?", "Cancel the date?"),
    (
        t(
            "Er bleibt in Listen und Kalendern stehen, als abgesagt.",
            "It stays in lists and calendars, as cancelled.",
        ),
    ),
    t("Termin absagen", "Cancel the date"),
)
PUBLISH_TEXT = Question(
    t("Fassung veröffentlichen?", "Publish the version?"),
    (
        t(
            "Alle sehen diese Fassung, sobald das Verfahren öffentlich ist.",
            "Everybody sees this version as soon as the procedure is public.",
        ),
    ),
    t("Veröffentlichen", "Publish"),
    danger=False,
)
WITHDRAW_TEXT = Question(
    t("Fassung zurückziehen?", "Withdraw the version?"),
    (
        t(
            "Niemand außerhalb der Verwaltung sieht sie mehr. Der Entwurf bleibt erhalten.",
            "Nobody outside the administration sees it any more. The draft is kept.",
        ),
    ),
    t("Zurückziehen", "Withdraw"),
)
DELETE_TEXT = Question(
    t("Fassung löschen?", "Delete the version?"),
    (t("Entwurf und veröffentlichter Text verschwinden.", "The draft and the published text vanish."),),
    t("Löschen", "Delete"),
)
