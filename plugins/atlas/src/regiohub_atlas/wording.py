"""German and English words for the closed lists of the atlas."""

from regiohub.api import Text, t
from regiohub_atlas.models.enums import (
    ActorRole,
    Commitment,
    DocumentKind,
    EventStatus,
    LinkKind,
    ParticipationLevel,
    PhaseKind,
    Precision,
    ProcedureKind,
    ProcedureStatus,
    TakePart,
)

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
PRECISION: dict[Precision, Text] = {
    Precision.DAY: t("auf den Tag", "to the day"),
    Precision.MONTH: t("auf den Monat", "to the month"),
    Precision.QUARTER: t("auf das Quartal", "to the quarter"),
    Precision.YEAR: t("auf das Jahr", "to the year"),
    Precision.OPEN: t("offen", "open"),
}
ROLE: dict[ActorRole, Text] = {
    ActorRole.LEAD: t("Federführung", "lead"),
    ActorRole.EXECUTOR: t("Durchführung", "executor"),
    ActorRole.POLITICS: t("Politik", "politics"),
    ActorRole.PARTNER: t("Partner", "partner"),
}
DOCUMENT: dict[DocumentKind, Text] = {
    DocumentKind.PLAN: t("Plan", "plan"),
    DocumentKind.REPORT: t("Bericht", "report"),
    DocumentKind.MINUTES: t("Protokoll", "minutes"),
    DocumentKind.RESOLUTION: t("Beschluss", "resolution"),
    DocumentKind.PRESENTATION: t("Präsentation", "presentation"),
    DocumentKind.FORM: t("Formular", "form"),
    DocumentKind.OTHER: t("Anderes Dokument", "other document"),
}
LINK: dict[LinkKind, Text] = {
    LinkKind.PARTICIPATION_TOOL: t("Beteiligungsplattform", "participation tool"),
    LinkKind.COUNCIL_PAPER: t("Vorlage im Ratsinformationssystem", "council paper"),
    LinkKind.PLAN_PORTAL: t("Planungsportal", "plan portal"),
    LinkKind.TUTORIAL: t("Anleitung", "tutorial"),
    LinkKind.WEBSITE: t("Webseite", "website"),
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
EVENT_STATUS: dict[EventStatus, Text] = {
    EventStatus.CONFIRMED: t("findet statt", "confirmed"),
    EventStatus.TENTATIVE: t("geplant", "tentative"),
    EventStatus.CANCELLED: t("abgesagt", "cancelled"),
}
