"""Words of the API: each enum is described here, before any type names it."""

from regiohub.api import enum_type
from regiohub_booking.models import ClosureKind, ConflictState, GrantState, ResourceKind
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.prices import PriceBasis
from regiohub_booking.rules.recurrence import Frequency, OnConflict
from regiohub_booking.rules.states import BookingState

enum_type(
    "What a resource is to residents.",
    {
        ResourceKind.ROOM: "A room.",
        ResourceKind.ITEM: "A thing that is lent, in one or more pieces.",
        ResourceKind.OFFER: "A course or another offer with seats.",
    },
)(ResourceKind)
enum_type(
    "How the time of a resource is divided.",
    {
        BookingMode.TIME: "From a time to a time on a day.",
        BookingMode.DAYS: "By whole days.",
        BookingMode.SESSIONS: "By the dates that the house offers.",
    },
)(BookingMode)
enum_type(
    "What a public holiday means for a place.",
    {
        HolidayRule.OPEN: "Open as on any such weekday.",
        HolidayRule.CLOSED: "Closed.",
        HolidayRule.AS_SUNDAY: "Open as on a Sunday.",
    },
)(HolidayRule)
enum_type(
    "Where a booking stands.",
    {
        BookingState.HELD: "Kept free for a short time, until it is confirmed.",
        BookingState.PENDING: "Asked for; the house has to decide.",
        BookingState.ASKED: "The house has asked something and waits for the answer.",
        BookingState.CONFIRMED: "It takes place.",
        BookingState.DENIED: "The house has declined it.",
        BookingState.CANCELLED: "Called off.",
        BookingState.EXPIRED: "Ran out, because nobody confirmed or decided in time.",
    },
)(BookingState)
enum_type(
    "How often a series repeats.",
    {Frequency.DAILY: "Each day.", Frequency.WEEKLY: "Each week.", Frequency.MONTHLY: "Each month."},
)(Frequency)
enum_type(
    "What happens when a date of a series is not possible.",
    {
        OnConflict.ALL_OR_NOTHING: "Nothing of the series is booked.",
        OnConflict.SKIP: "The other dates are booked, this one is left out.",
    },
)(OnConflict)
enum_type(
    "Why a time is blocked, roughly.",
    {
        ClosureKind.MAINTENANCE: "Repair or care.",
        ClosureKind.CLOSED: "The house is closed.",
        ClosureKind.EVENT: "An event of the house's own.",
    },
)(ClosureKind)
enum_type(
    "What has become of a booking that lies in a blocked time.",
    {
        ConflictState.OPEN: "Somebody has to decide.",
        ConflictState.KEPT: "The booking stays in spite of the block.",
        ConflictState.SOLVED: "The booking no longer lies there.",
    },
)(ConflictState)
enum_type(
    "What a price is multiplied with.",
    {
        PriceBasis.HOUR: "The hours.",
        PriceBasis.DAY: "The calendar days that it touches.",
        PriceBasis.FLAT: "Nothing: it is the price of the whole booking.",
    },
)(PriceBasis)
enum_type(
    "How far the lock has followed the wish.",
    {
        GrantState.WAITING: "The lock does not know of it yet.",
        GrantState.ACTIVE: "The door opens.",
        GrantState.REVOKED: "The door opens no longer.",
    },
)(GrantState)

ENUMS = (
    ResourceKind, BookingMode, HolidayRule, BookingState, Frequency, OnConflict, ClosureKind, ConflictState, PriceBasis,
    GrantState,
)  # fmt: skip
