"""Closed lists of the participation atlas. The words for people stand in ``wording``."""

from enum import StrEnum


class ProcedureStatus(StrEnum):
    """State of a procedure on a day; derived from its phases unless staff set it by hand."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    EVALUATING = "evaluating"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class ProcedureKind(StrEnum):
    """What sort of procedure it is."""

    SURVEY = "survey"
    EXPERT_WORKSHOP = "expert_workshop"
    PUBLIC_WORKSHOP = "public_workshop"
    COUNCIL_WORKSHOP = "council_workshop"
    YOUTH_WORKSHOP = "youth_workshop"
    CITIZENS_PANEL = "citizens_panel"
    DIALOGUE = "dialogue"
    IDEAS = "ideas"
    PARTICIPATORY_BUDGET = "participatory_budget"
    DEVELOPMENT_PLAN = "development_plan"
    FORMAL_HEARING = "formal_hearing"
    INFORMATION = "information"
    TRIAL = "trial"
    OTHER = "other"


class ParticipationLevel(StrEnum):
    """How far the public's influence reaches."""

    INFORMATION = "information"
    CONSULTATION = "consultation"
    COOPERATION = "cooperation"
    DECISION = "decision"


class TermPrecision(StrEnum):
    """How exactly a date is known; ``open`` means there is deliberately none."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OPEN = "open"


class PhaseKind(StrEnum):
    """What happens in a phase; each kind stands for one status while it lasts."""

    PREPARATION = "preparation"
    PARTICIPATION = "participation"
    PAUSE = "pause"
    EVALUATION = "evaluation"


class ProcedureRole(StrEnum):
    """What an organisation does in a procedure."""

    LEAD = "lead"
    EXECUTOR = "executor"
    POLITICS = "politics"
    PARTNER = "partner"


class ProcedureDocumentKind(StrEnum):
    """What a document is."""

    PLAN = "plan"
    REPORT = "report"
    MINUTES = "minutes"
    RESOLUTION = "resolution"
    PRESENTATION = "presentation"
    FORM = "form"
    OTHER = "other"


class ProcedureLinkKind(StrEnum):
    """Where a link leads."""

    PARTICIPATION_TOOL = "participation_tool"
    COUNCIL_PAPER = "council_paper"
    PLAN_PORTAL = "plan_portal"
    TUTORIAL = "tutorial"
    WEBSITE = "website"


class TextVariety(StrEnum):
    """How a text says what the German original says."""

    TRANSLATION = "translation"
    PLAIN = "plain"
    EASY = "easy"


class TextState(StrEnum):
    """How far a text has come. What residents see stays as it was published until it is published anew."""

    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"


class TakePart(StrEnum):
    """A way to take part."""

    ONLINE = "online"
    ON_SITE = "on_site"
    POST = "post"


class Commitment(StrEnum):
    """Whether taking part is done once or goes on."""

    ONE_OFF = "one_off"
    LASTING = "lasting"


class DateStatus(StrEnum):
    """State of a date."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"
