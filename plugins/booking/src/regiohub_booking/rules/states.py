"""States of a booking and the steps between them."""

from enum import StrEnum

from regiohub.api import Text, t
from regiohub_booking.errors import WrongState


class BookingState(StrEnum):
    """Where a booking stands."""

    HELD = "held"
    PENDING = "pending"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What can happen to a booking."""

    REQUEST = "request"
    CONFIRM = "confirm"
    APPROVE = "approve"
    DENY = "deny"
    ASK = "ask"
    ANSWER = "answer"
    CANCEL = "cancel"
    EXPIRE = "expire"
    MOVE = "move"


# Only these keep others from booking the same time.
OCCUPYING = frozenset({BookingState.HELD, BookingState.PENDING, BookingState.ASKED, BookingState.CONFIRMED})
# Somebody has to decide on these: the house, or the applicant by an answer.
OPEN_REQUESTS = frozenset({BookingState.PENDING, BookingState.ASKED})

_S = BookingState
_NEXT: dict[tuple[BookingState, Step], BookingState] = {
    (_S.HELD, Step.REQUEST): _S.PENDING,
    (_S.HELD, Step.CONFIRM): _S.CONFIRMED,
    (_S.HELD, Step.CANCEL): _S.CANCELLED,
    (_S.HELD, Step.EXPIRE): _S.EXPIRED,
    (_S.PENDING, Step.APPROVE): _S.CONFIRMED,
    (_S.PENDING, Step.DENY): _S.DENIED,
    (_S.PENDING, Step.CANCEL): _S.CANCELLED,
    (_S.PENDING, Step.MOVE): _S.PENDING,
    (_S.CONFIRMED, Step.CANCEL): _S.CANCELLED,
    (_S.CONFIRMED, Step.MOVE): _S.CONFIRMED,
    # A moved booking needs a new decision where the house decides on each one.
    (_S.CONFIRMED, Step.REQUEST): _S.PENDING,
    (_S.PENDING, Step.REQUEST): _S.PENDING,
    (_S.PENDING, Step.ASK): _S.ASKED,
    (_S.ASKED, Step.ANSWER): _S.PENDING,
    # The house need not wait for the answer, and the applicant may still change or give up the wish.
    (_S.ASKED, Step.APPROVE): _S.CONFIRMED,
    (_S.ASKED, Step.DENY): _S.DENIED,
    (_S.ASKED, Step.CANCEL): _S.CANCELLED,
    (_S.ASKED, Step.MOVE): _S.ASKED,
    (_S.ASKED, Step.REQUEST): _S.ASKED,
}

STATE_WORDS: dict[BookingState, Text] = {
    _S.HELD: t("vorgemerkt", "held"),
    _S.PENDING: t("angefragt", "pending"),
    _S.ASKED: t("in Rückfrage", "waiting for an answer"),
    _S.CONFIRMED: t("bestätigt", "confirmed"),
    _S.DENIED: t("abgelehnt", "denied"),
    _S.CANCELLED: t("storniert", "cancelled"),
    _S.EXPIRED: t("abgelaufen", "expired"),
}


def next_state(state: BookingState, step: Step) -> BookingState:
    """The state after ``step``; raises WrongState when the booking cannot take it."""
    following = _NEXT.get((state, step))
    if following is None:
        raise WrongState(STATE_WORDS[state])
    return following


def possible_steps(state: BookingState) -> frozenset[Step]:
    """The steps that ``state`` allows; none for the three final states."""
    return frozenset(step for (known, step) in _NEXT if known is state)
