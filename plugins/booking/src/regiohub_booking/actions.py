"""What the audit log calls the things that people do here."""

from collections.abc import Mapping

from regiohub.api import Text, t

ACTIONS: Mapping[str, Text] = {
    "booking.add_lot": t("Kontingent eingetragen", "Lot entered"),
    "booking.answered": t("Rückfrage beantwortet", "Question answered"),
    "booking.ask": t("Rückfrage gestellt", "Question asked"),
    "booking.block": t("Zeit gesperrt", "Time blocked"),
    "booking.cancel": t("Buchung storniert", "Booking cancelled"),
    "booking.cancel_series": t("Serie storniert", "Series cancelled"),
    "booking.create_feed": t("Kalender-Abonnement angelegt", "Calendar feed created"),
    "booking.create_for": t("Für jemanden gebucht", "Booked for somebody"),
    "booking.create_owner": t("Träger angelegt", "Owner created"),
    "booking.create_place": t("Haus angelegt", "House created"),
    "booking.create_resource": t("Raum oder Gegenstand angelegt", "Resource created"),
    "booking.create_tariff": t("Tarif angelegt", "Tariff created"),
    "booking.delete_tariff": t("Tarif gelöscht", "Tariff deleted"),
    "booking.deny": t("Anfrage abgelehnt", "Request denied"),
    "booking.grant_replace": t("Zugangscode ersetzt", "Access code replaced"),
    "booking.grant_restore": t("Zugang wiederhergestellt", "Access restored"),
    "booking.grant_retry": t("Zugang erneut versucht", "Access tried again"),
    "booking.grant_revoke": t("Zugang entzogen", "Access revoked"),
    "booking.keep": t("Buchung trotz Sperrzeit behalten", "Booking kept despite blocked time"),
    "booking.move": t("Buchung verschoben", "Booking moved"),
    "booking.revoke_feed": t("Kalender-Abonnement widerrufen", "Calendar feed revoked"),
    "booking.set_price": t("Preis vereinbart", "Price agreed"),
    "booking.special_days": t("Sondertage geändert", "Special days changed"),
    "booking.unblock": t("Sperrzeit aufgehoben", "Blocked time lifted"),
    "booking.update_place": t("Haus geändert", "House changed"),
    "booking.update_resource": t("Raum oder Gegenstand geändert", "Resource changed"),
    "booking.update_tariff": t("Tarif geändert", "Tariff changed"),
}
