"""German and English words for the closed lists of the atlas."""

from regiohub.api import Text, t
from regiohub_atlas.models.enums import (
    Commitment,
    DateStatus,
    ParticipationLevel,
    PhaseKind,
    ProcedureDocumentKind,
    ProcedureKind,
    ProcedureLinkKind,
    ProcedureRole,
    ProcedureStatus,
    TakePart,
    TermPrecision,
    TextState,
    TextVariety,
)
from regiohub_atlas.service.readability import Ease

STATUS: dict[ProcedureStatus, Text] = {
    ProcedureStatus.PLANNED: t("geplant", "planned"),
    ProcedureStatus.RUNNING: t("läuft", "running"),
    ProcedureStatus.PAUSED: t("ruht", "paused"),
    ProcedureStatus.EVALUATING: t("wird ausgewertet", "being evaluated"),
    ProcedureStatus.FINISHED: t("abgeschlossen", "finished"),
    ProcedureStatus.CANCELLED: t("abgebrochen", "cancelled"),
}
KIND: dict[ProcedureKind, Text] = {
    ProcedureKind.SURVEY: t("Umfrage", "survey"),
    ProcedureKind.EXPERT_WORKSHOP: t("Fachworkshop", "expert workshop"),
    ProcedureKind.PUBLIC_WORKSHOP: t("Öffentliche Werkstatt", "public workshop"),
    ProcedureKind.COUNCIL_WORKSHOP: t("Workshop mit der Politik", "workshop with the council"),
    ProcedureKind.YOUTH_WORKSHOP: t("Jugendbeteiligung", "youth participation"),
    ProcedureKind.CITIZENS_PANEL: t("Gremium ausgeloster Menschen", "panel drawn by lot"),
    ProcedureKind.DIALOGUE: t("Dialog", "dialogue"),
    ProcedureKind.IDEAS: t("Ideensammlung", "collection of ideas"),
    ProcedureKind.PARTICIPATORY_BUDGET: t("Bürgerhaushalt", "participatory budget"),
    ProcedureKind.DEVELOPMENT_PLAN: t("Bauleitplanung", "development plan"),
    ProcedureKind.FORMAL_HEARING: t("Förmliche Anhörung", "formal hearing"),
    ProcedureKind.INFORMATION: t("Information", "information"),
    ProcedureKind.TRIAL: t("Verkehrsversuch oder Probelauf", "trial"),
    ProcedureKind.OTHER: t("Anderes Verfahren", "other procedure"),
}
LEVEL: dict[ParticipationLevel, Text] = {
    ParticipationLevel.INFORMATION: t("Information", "information"),
    ParticipationLevel.CONSULTATION: t("Mitsprache", "consultation"),
    ParticipationLevel.COOPERATION: t("Mitwirkung", "cooperation"),
    ParticipationLevel.DECISION: t("Mitentscheidung", "decision"),
}
PHASE: dict[PhaseKind, Text] = {
    PhaseKind.PREPARATION: t("Vorbereitung", "preparation"),
    PhaseKind.PARTICIPATION: t("Beteiligung", "participation"),
    PhaseKind.PAUSE: t("Pause", "pause"),
    PhaseKind.EVALUATION: t("Auswertung", "evaluation"),
}
PRECISION: dict[TermPrecision, Text] = {
    TermPrecision.DAY: t("auf den Tag", "to the day"),
    TermPrecision.MONTH: t("auf den Monat", "to the month"),
    TermPrecision.QUARTER: t("auf das Quartal", "to the quarter"),
    TermPrecision.YEAR: t("auf das Jahr", "to the year"),
    TermPrecision.OPEN: t("offen", "open"),
}
ROLE: dict[ProcedureRole, Text] = {
    ProcedureRole.LEAD: t("Federführung", "lead"),
    ProcedureRole.EXECUTOR: t("Durchführung", "executor"),
    ProcedureRole.POLITICS: t("Politik", "politics"),
    ProcedureRole.PARTNER: t("Partner", "partner"),
}
DOCUMENT: dict[ProcedureDocumentKind, Text] = {
    ProcedureDocumentKind.PLAN: t("Plan", "plan"),
    ProcedureDocumentKind.REPORT: t("Bericht", "report"),
    ProcedureDocumentKind.MINUTES: t("Protokoll", "minutes"),
    ProcedureDocumentKind.RESOLUTION: t("Beschluss", "resolution"),
    ProcedureDocumentKind.PRESENTATION: t("Präsentation", "presentation"),
    ProcedureDocumentKind.FORM: t("Formular", "form"),
    ProcedureDocumentKind.OTHER: t("Anderes Dokument", "other document"),
}
LINK: dict[ProcedureLinkKind, Text] = {
    ProcedureLinkKind.PARTICIPATION_TOOL: t("Beteiligungsplattform", "participation tool"),
    ProcedureLinkKind.COUNCIL_PAPER: t("Vorlage im Ratsinformationssystem", "council paper"),
    ProcedureLinkKind.PLAN_PORTAL: t("Planungsportal", "plan portal"),
    ProcedureLinkKind.TUTORIAL: t("Anleitung", "tutorial"),
    ProcedureLinkKind.WEBSITE: t("Webseite", "website"),
}
TAKE_PART: dict[TakePart, Text] = {
    TakePart.ONLINE: t("online", "online"),
    TakePart.ON_SITE: t("vor Ort", "on site"),
    TakePart.POST: t("per Post", "by post"),
}
COMMITMENT: dict[Commitment, Text] = {
    Commitment.ONE_OFF: t("einmalig", "once"),
    Commitment.LASTING: t("über längere Zeit", "over some time"),
}
EVENT_STATUS: dict[DateStatus, Text] = {
    DateStatus.CONFIRMED: t("findet statt", "confirmed"),
    DateStatus.TENTATIVE: t("geplant", "tentative"),
    DateStatus.CANCELLED: t("abgesagt", "cancelled"),
}
VARIETY: dict[TextVariety, Text] = {
    TextVariety.TRANSLATION: t("Übersetzung", "translation"),
    TextVariety.PLAIN: t("Einfache Sprache", "plain language"),
    TextVariety.EASY: t("Leichte Sprache", "easy language"),
}
TEXT_STATE: dict[TextState, Text] = {
    TextState.DRAFT: t("Entwurf", "draft"),
    TextState.CHECKED: t("geprüft", "checked"),
    TextState.PUBLISHED: t("veröffentlicht", "published"),
}
OUTDATED = t("veraltet: Das Original wurde geändert", "outdated: the original has changed")
EASE: dict[Ease, Text] = {
    Ease.EMPTY: t("noch nichts zu messen", "nothing to measure yet"),
    Ease.GOOD: t("gut lesbar", "easy to read"),
    Ease.HARD: t("etwas zu schwer", "a little too hard"),
    Ease.TOO_HARD: t("zu schwer", "too hard"),
}
ACTIONS: dict[str, Text] = {
    "atlas.create": t("angelegt", "created"),
    "atlas.update": t("Angaben geändert", "details changed"),
    "atlas.publish": t("veröffentlicht", "published"),
    "atlas.withdraw": t("zurückgezogen", "withdrawn"),
    "atlas.set_status": t("Status von Hand gesetzt", "status set by hand"),
    "atlas.write_text": t("Fassung in anderen Worten geschrieben", "version in other words written"),
    "atlas.check_text": t("Fassung in anderen Worten geprüft", "version in other words checked"),
    "atlas.publish_text": t("Fassung in anderen Worten veröffentlicht", "version in other words published"),
    "atlas.withdraw_text": t("Fassung in anderen Worten zurückgezogen", "version in other words withdrawn"),
    "atlas.delete_text": t("Fassung in anderen Worten gelöscht", "version in other words deleted"),
}
"""What the audit says about a procedure, for people."""
