"""Words and marks of states, kinds and prices, the same on every page."""

from decimal import Decimal

from babel.numbers import format_currency

from regiohub.api import Text, t
from regiohub.api.console import Cell, Tone
from regiohub_booking.models import AccessGrant, ClosureKind, ConflictState, GrantState, ResourceKind, Tariff
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.prices import PriceBasis
from regiohub_booking.rules.recurrence import Frequency
from regiohub_booking.rules.states import STATE_WORDS, BookingState

STATE_TONES: dict[BookingState, Tone] = {
    BookingState.HELD: "plain",
    BookingState.PENDING: "warn",
    BookingState.ASKED: "info",
    BookingState.CONFIRMED: "good",
    BookingState.DENIED: "bad",
    BookingState.CANCELLED: "plain",
    BookingState.EXPIRED: "plain",
}
# Signs before the words: a calendar tells states apart without colour.
STATE_SIGNS: dict[BookingState, str] = {
    BookingState.HELD: "…",
    BookingState.PENDING: "?",
    BookingState.ASKED: "✉",
    BookingState.CONFIRMED: "✓",
    BookingState.DENIED: "✗",
    BookingState.CANCELLED: "✗",
    BookingState.EXPIRED: "✗",
}
KINDS: dict[ResourceKind, Text] = {
    ResourceKind.ROOM: t("Raum", "Room"),
    ResourceKind.ITEM: t("Leihgegenstand", "Lending item"),
    ResourceKind.OFFER: t("Angebot", "Offer"),
}
MODES: dict[BookingMode, Text] = {
    BookingMode.TIME: t("nach Uhrzeit", "by the clock"),
    BookingMode.DAYS: t("tageweise", "by the day"),
    BookingMode.SESSIONS: t("feste Termine", "fixed dates"),
}
HOLIDAYS: dict[HolidayRule, Text] = {
    HolidayRule.OPEN: t("an Feiertagen wie sonst", "on public holidays as usual"),
    HolidayRule.CLOSED: t("an Feiertagen geschlossen", "closed on public holidays"),
    HolidayRule.AS_SUNDAY: t("an Feiertagen wie sonntags", "on public holidays as on Sundays"),
}
CLOSURES: dict[ClosureKind, Text] = {
    ClosureKind.MAINTENANCE: t("Wartung oder Reparatur", "Maintenance or repair"),
    ClosureKind.CLOSED: t("Schließzeit", "Closed"),
    ClosureKind.EVENT: t("eigene Veranstaltung", "Own event"),
}
CONFLICTS: dict[ConflictState, tuple[Text, Tone]] = {
    ConflictState.OPEN: (t("zu entscheiden", "to be decided"), "warn"),
    ConflictState.KEPT: (t("bleibt bestehen", "stays"), "info"),
    ConflictState.SOLVED: (t("gelöst", "solved"), "good"),
}
BASES: dict[PriceBasis, Text] = {
    PriceBasis.HOUR: t("je Stunde", "per hour"),
    PriceBasis.DAY: t("je angefangenem Tag", "per begun day"),
    PriceBasis.FLAT: t("pauschal", "flat"),
}
FREQUENCIES: dict[Frequency, Text] = {
    Frequency.DAILY: t("täglich", "daily"),
    Frequency.WEEKLY: t("wöchentlich", "weekly"),
    Frequency.MONTHLY: t("monatlich (gleicher Wochentag)", "monthly (same weekday)"),
}
FREE = t("kostenfrei", "free of charge")


def state_cell(state: BookingState) -> Cell:
    """The state of a booking as a badge."""
    return Cell(STATE_WORDS[state], badge=STATE_TONES[state])


def euros(amount: Decimal | None) -> Text | None:
    """An amount as people write it; nothing where none was agreed."""
    if amount is None:
        return None
    return t(format_currency(amount, "EUR", locale="de_DE"), format_currency(amount, "EUR", locale="en_GB"))


def price_words(amount: Decimal | None) -> Text | None:
    """A price as people write it; zero is free of charge."""
    return FREE if amount == 0 else euros(amount)


def tariff_words(tariff: Tariff) -> Text:
    """``Private Feiern: 15,00 € je Stunde``."""
    name = t(tariff.name, tariff.name_en or tariff.name)
    if tariff.price == 0:
        return t(f"{name.de}: {FREE.de}", f"{name.en}: {FREE.en}")
    price, basis = euros(tariff.price), BASES[tariff.basis]
    assert price is not None
    return t(f"{name.de}: {price.de} {basis.de}", f"{name.en}: {price.en} {basis.en}")


def grant_cell(grant: AccessGrant) -> Cell:
    """How far a lock has followed."""
    if grant.next_try_at is not None and grant.attempts > 0:
        return Cell(t("Schloss antwortet nicht", "Lock does not answer"), badge="bad")
    if grant.state is GrantState.ACTIVE:
        return Cell(t("eingerichtet", "set up"), badge="good")
    if grant.state is GrantState.REVOKED:
        return Cell(t("zurückgenommen", "taken back"), badge="plain")
    return Cell(t("wartet auf das Schloss", "waits for the lock"), badge="warn")


ACTIONS: dict[str, Text] = {
    "booking.approve": t("Anfrage genehmigt", "Request approved"),
    "booking.deny": t("Anfrage abgelehnt", "Request denied"),
    "booking.ask": t("Rückfrage gestellt", "Question asked"),
    "booking.cancel": t("Buchung storniert", "Booking cancelled"),
    "booking.move": t("Buchung verschoben", "Booking moved"),
    "booking.set_price": t("Preis vereinbart", "Price agreed on"),
    "booking.create_for": t("Für jemanden gebucht", "Booked for somebody"),
    "booking.keep": t("Bleibt trotz Sperrzeit bestehen", "Stays in spite of the blocked time"),
    "booking.grant_retry": t("Schloss erneut gefragt", "Lock asked again"),
    "booking.grant_revoke": t("Zugang zurückgenommen", "Access taken back"),
    "booking.grant_restore": t("Zugang wieder gegeben", "Access given again"),
    "booking.grant_replace": t("Zugangscode ersetzt", "Access code replaced"),
}
"""What the audit log of a booking says, for people who work with bookings."""


def happened(action: str, words: Text) -> Text:
    """An entry of the log in short words; the log's own where this plugin has none."""
    return ACTIONS.get(action, words)
