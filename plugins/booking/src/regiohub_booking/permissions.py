"""Who may do what beyond booking for oneself, which every signed-in person may."""

from regiohub.api import Permission, t

VIEW = Permission(
    "booking.view",
    t("Buchungen mit Personen einsehen", "See bookings with persons"),
    roles=("editor", "coordinator", "caretaker"),
)
APPROVE = Permission(
    "booking.approve",
    t("Buchungen genehmigen und ablehnen", "Approve and deny bookings"),
    roles=("editor", "coordinator", "caretaker"),
)
MANAGE = Permission(
    "booking.manage", t("Räume, Dinge und Angebote verwalten", "Manage rooms, items and offers"), roles=("editor",)
)
CARETAKE = Permission(
    "booking.caretake", t("Übergaben und Zugangscodes", "Hand-overs and access codes"), roles=("caretaker",)
)

PERMISSIONS = (VIEW, APPROVE, MANAGE, CARETAKE)
