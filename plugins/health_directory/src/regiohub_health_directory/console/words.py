"""Words and colours of values, for lists and facts."""

from collections.abc import Mapping
from typing import Any

from regiohub.api import Text, t
from regiohub.api.console import Cell
from regiohub_health_directory.models import (
    AcceptingPatients,
    HealthDuplicateState,
    HealthServiceStatus,
    HealthSuggestionKind,
    HealthSuggestionOrigin,
    HealthSuggestionState,
    HealthVerificationState,
    Service,
    WheelchairAccess,
)
from regiohub_health_directory.service.freshness import HealthFreshness
from regiohub_health_directory.taxonomy import load_taxonomy

FRESHNESS: Mapping[HealthFreshness, Text] = {
    HealthFreshness.FRESH: t("grün: frisch geprüft", "green: checked recently"),
    HealthFreshness.DUE: t("gelb: Prüfung fällig", "yellow: check is due"),
    HealthFreshness.STALE: t("rot: lange nicht geprüft", "red: not checked for long"),
}
_LIGHTS: Mapping[HealthFreshness, Any] = {
    HealthFreshness.FRESH: "good",
    HealthFreshness.DUE: "warn",
    HealthFreshness.STALE: "bad",
}
STATUS: Mapping[HealthServiceStatus, Text] = {
    HealthServiceStatus.ACTIVE: t("veröffentlicht", "published"),
    HealthServiceStatus.TEMPORARILY_CLOSED: t("vorübergehend geschlossen", "temporarily closed"),
    HealthServiceStatus.INACTIVE: t("zurückgezogen", "withdrawn"),
    HealthServiceStatus.DEFUNCT: t("eingestellt", "given up"),
}
_STATUS_TONES: Mapping[HealthServiceStatus, Any] = {
    HealthServiceStatus.ACTIVE: "good",
    HealthServiceStatus.TEMPORARILY_CLOSED: "warn",
}
ACCEPTING: Mapping[AcceptingPatients, Text] = {
    AcceptingPatients.YES: t("ja", "yes"),
    AcceptingPatients.NO: t("nein", "no"),
    AcceptingPatients.UNKNOWN: t("unbekannt", "unknown"),
}
WHEELCHAIR: Mapping[WheelchairAccess, Text] = {
    WheelchairAccess.YES: t("ja", "yes"),
    WheelchairAccess.NO: t("nein", "no"),
    WheelchairAccess.UNKNOWN: t("unbekannt", "unknown"),
}
_WHEELCHAIR_TONES: Mapping[WheelchairAccess, Any] = {
    WheelchairAccess.YES: "good",
    WheelchairAccess.NO: "bad",
    WheelchairAccess.UNKNOWN: "plain",
}
KIND: Mapping[HealthSuggestionKind, Text] = {
    HealthSuggestionKind.NEW_OFFER: t("neues Angebot", "new offer"),
    HealthSuggestionKind.CORRECTION: t("Berichtigung", "correction"),
}
ORIGIN: Mapping[HealthSuggestionOrigin, Text] = {
    HealthSuggestionOrigin.RESIDENT: t("aus der Bevölkerung", "from a resident"),
    HealthSuggestionOrigin.PROVIDER: t("vom Anbieter", "from the provider"),
}
DECISION: Mapping[HealthSuggestionState, Text] = {
    HealthSuggestionState.OPEN: t("offen", "open"),
    HealthSuggestionState.ACCEPTED: t("übernommen", "taken over"),
    HealthSuggestionState.REJECTED: t("abgelehnt", "refused"),
}
_DECISION_TONES: Mapping[HealthSuggestionState, Any] = {
    HealthSuggestionState.OPEN: "warn",
    HealthSuggestionState.ACCEPTED: "good",
    HealthSuggestionState.REJECTED: "plain",
}
PAIR: Mapping[HealthDuplicateState, Text] = {
    HealthDuplicateState.CANDIDATE: t("zu prüfen", "to be checked"),
    HealthDuplicateState.DIFFERENT: t("kein Duplikat", "not a duplicate"),
}
REASONS: Mapping[str, Text] = {
    "name": t("Name", "name"),
    "phone": t("Telefon", "phone"),
    "address": t("Anschrift", "address"),
    "position": t("Lage", "position"),
    "provider": t("Anbieter", "provider"),
}
LETTER: Mapping[HealthVerificationState, Text] = {
    HealthVerificationState.OPEN: t("wartet auf Antwort", "waiting for an answer"),
    HealthVerificationState.ANSWERED: t("beantwortet", "answered"),
    HealthVerificationState.EXPIRED: t("abgelaufen", "expired"),
    HealthVerificationState.WITHDRAWN: t("zurückgezogen", "withdrawn"),
}
_LETTER_TONES: Mapping[HealthVerificationState, Any] = {
    HealthVerificationState.OPEN: "warn",
    HealthVerificationState.ANSWERED: "good",
    HealthVerificationState.EXPIRED: "bad",
    HealthVerificationState.WITHDRAWN: "plain",
}
ACTIONS: Mapping[str, Text] = {
    "health_directory.create": t("Eintrag angelegt", "Entry created"),
    "health_directory.update": t("Eintrag geändert", "Entry changed"),
    "health_directory.verify": t("Als geprüft bestätigt", "Confirmed as checked"),
    "health_directory.set_status": t("Stand geändert", "Status changed"),
    "health_directory.merge": t("Mit einem anderen Eintrag zusammengeführt", "Merged with another entry"),
    "health_directory.not_a_duplicate": t("Als kein Duplikat gemerkt", "Noted as not a duplicate"),
    "health_directory.reconsider_duplicate": t("Als Duplikat wieder zu prüfen", "Duplicate to be looked at again"),
}
"""What happens to an entry, for its history."""
YES_NO = (("yes", t("ja", "yes")), ("no", t("nein", "no")), ("unknown", t("unbekannt", "unknown")))


def light(freshness: HealthFreshness) -> Cell:
    """The traffic light, in words and colour."""
    return Cell(FRESHNESS[freshness], badge=_LIGHTS[freshness])


def status(service: Service) -> Cell:
    """Whether an entry is public; a merged one names that."""
    if service.merged_into_id is not None:
        return Cell(t("zusammengeführt", "merged"), badge="plain", url=f"entries/{service.merged_into_id}")
    return Cell(STATUS[service.status], badge=_STATUS_TONES.get(service.status, "plain"))


def wheelchair(access: WheelchairAccess) -> Cell:
    """Whether a wheelchair gets in; unknown is an answer of its own."""
    return Cell(WHEELCHAIR[access], badge=_WHEELCHAIR_TONES[access])


def decision(state: HealthSuggestionState) -> Cell:
    """Where a suggestion stands."""
    return Cell(DECISION[state], badge=_DECISION_TONES[state])


def letter(state: HealthVerificationState) -> Cell:
    """Where a letter stands."""
    return Cell(LETTER[state], badge=_LETTER_TONES[state])


def terms(codes: list[str]) -> Text:
    """Titles of terms of the taxonomy; codes that it no longer has are shown as they are."""
    taxonomy = load_taxonomy().terms
    known = [taxonomy[code] if code in taxonomy else Text(code, code) for code in codes]
    if not known:
        return t("keine", "none")
    return Text(", ".join(term.de for term in known), ", ".join(term.en for term in known))


def term_choices() -> tuple[tuple[str, Text], ...]:
    """All terms to choose from, those below others set in."""
    taxonomy = load_taxonomy()
    found: list[tuple[str, Text]] = []
    for term in taxonomy.terms.values():
        indent = "\u2013 " * len(taxonomy.ancestors(term.code))
        found.append((term.code, Text(indent + term.de, indent + term.en)))
    return tuple(found)


def choices(titles: Mapping[Any, Text]) -> tuple[tuple[str, Text], ...]:
    """The values of an enumeration with their words, for filters and fields."""
    return tuple((str(member.value), words) for member, words in titles.items())


def happened(action: str, after: Mapping[str, Any] | None) -> Text:
    """One line of an entry's history: what was done, and by whom or to what, where that is known."""
    said = ACTIONS.get(action) or Text(action, action)
    values = after or {}
    if values.get("by") == "provider":
        return Text(f"{said.de}, vom Anbieter", f"{said.en}, by the provider")
    status_now = next((state for state in STATUS if state.value == values.get("status")), None)
    if action == "health_directory.set_status" and status_now:
        return Text(f"{said.de}: {STATUS[status_now].de}", f"{said.en}: {STATUS[status_now].en}")
    return said
