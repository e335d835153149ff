"""Words of the API: each enum is described here, before any type names it."""

from regiohub.api import enum_type
from regiohub_health_directory.models import (
    AcceptingPatients,
    HealthDuplicateState,
    HealthLocationType,
    HealthServiceStatus,
    HealthSuggestionKind,
    HealthSuggestionOrigin,
    HealthSuggestionState,
    HealthVerificationState,
    WheelchairAccess,
)
from regiohub_health_directory.service.freshness import HealthFreshness
from regiohub_health_directory.service.hours.state import HoursStatus
from regiohub_health_directory.service.verification.answers import HealthEntryVerdict

enum_type(
    "State of a service; the public sees active and temporarily closed ones.",
    {
        HealthServiceStatus.ACTIVE: "It is there.",
        HealthServiceStatus.INACTIVE: "It is not offered at present; hidden from the public.",
        HealthServiceStatus.DEFUNCT: "It has ended; hidden from the public.",
        HealthServiceStatus.TEMPORARILY_CLOSED: "Closed for a time; the public sees it with this note.",
    },
)(HealthServiceStatus)
enum_type(
    "Whether new patients or participants are taken on.",
    {
        AcceptingPatients.YES: "They are.",
        AcceptingPatients.NO: "They are not.",
        AcceptingPatients.UNKNOWN: "Nobody has said so lately.",
    },
)(AcceptingPatients)
enum_type(
    "A traffic light for the last check; never checked counts as stale.",
    {
        HealthFreshness.FRESH: "Checked recently (green).",
        HealthFreshness.DUE: "To be checked again (yellow).",
        HealthFreshness.STALE: "Not checked for long, or never (red).",
    },
)(HealthFreshness)
enum_type(
    "Kind of place.",
    {
        HealthLocationType.PHYSICAL: "A place to go to.",
        HealthLocationType.POSTAL: "An address for letters only.",
        HealthLocationType.VIRTUAL: "By telephone or on the internet.",
    },
)(HealthLocationType)
enum_type(
    "Whether a wheelchair gets in; unknown is an answer of its own and never means no.",
    {
        WheelchairAccess.YES: "It does.",
        WheelchairAccess.NO: "It does not.",
        WheelchairAccess.UNKNOWN: "Nobody has said.",
    },
)(WheelchairAccess)
enum_type(
    "What a visitor meets at the door.",
    {
        HoursStatus.OPEN: "It is open.",
        HoursStatus.CLOSED: "It is closed.",
        HoursStatus.BY_APPOINTMENT: "Open for those who have an appointment.",
        HoursStatus.UNKNOWN: "The hours do not tell.",
    },
)(HoursStatus)
enum_type(
    "What a suggestion is about.",
    {
        HealthSuggestionKind.NEW_OFFER: "An offer that the directory lacks.",
        HealthSuggestionKind.CORRECTION: "Something that is wrong in an entry.",
    },
)(HealthSuggestionKind)
enum_type(
    "Where a suggestion stands.",
    {
        HealthSuggestionState.OPEN: "Somebody has to look at it.",
        HealthSuggestionState.ACCEPTED: "Taken over, wholly or in part.",
        HealthSuggestionState.REJECTED: "Not taken over.",
    },
)(HealthSuggestionState)
enum_type(
    "Who made a suggestion.",
    {
        HealthSuggestionOrigin.RESIDENT: "Anybody, by the public form or an app.",
        HealthSuggestionOrigin.PROVIDER: "The provider, by the link in a verification mail.",
    },
)(HealthSuggestionOrigin)
enum_type(
    "What is known about a pair of similar entries.",
    {
        HealthDuplicateState.CANDIDATE: "They may be the same offer.",
        HealthDuplicateState.DIFFERENT: "Somebody has said that these are two offers.",
    },
)(HealthDuplicateState)
enum_type(
    "Where a verification mail stands; only an open one can be answered.",
    {
        HealthVerificationState.OPEN: "Waits for the answer.",
        HealthVerificationState.ANSWERED: "Answered.",
        HealthVerificationState.EXPIRED: "Not answered in time.",
        HealthVerificationState.WITHDRAWN: "Taken back by the town.",
    },
)(HealthVerificationState)
enum_type(
    "What a provider says about an entry.",
    {
        HealthEntryVerdict.RIGHT: "It is right.",
        HealthEntryVerdict.WRONG: "Something has to be changed.",
        HealthEntryVerdict.GONE: "The offer has ended.",
    },
)(HealthEntryVerdict)

ENUMS = (
    HealthServiceStatus, AcceptingPatients, HealthFreshness, HealthLocationType, WheelchairAccess, HoursStatus,
    HealthSuggestionKind, HealthSuggestionState, HealthSuggestionOrigin, HealthDuplicateState,
    HealthVerificationState, HealthEntryVerdict,
)  # fmt: skip
