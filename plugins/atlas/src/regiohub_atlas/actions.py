"""What the audit log calls the things that people do here."""

from collections.abc import Mapping

from regiohub.api import Text, t

ACTIONS: Mapping[str, Text] = {
    "atlas.add_date": t("Termin eingetragen", "Date entered"),
    "atlas.change_date": t("Termin geändert", "Date changed"),
    "atlas.check_text": t("Textfassung geprüft", "Wording checked"),
    "atlas.create": t("Verfahren angelegt", "Procedure created"),
    "atlas.delete": t("Verfahren gelöscht", "Procedure deleted"),
    "atlas.delete_text": t("Textfassung gelöscht", "Wording deleted"),
    "atlas.publish_text": t("Textfassung veröffentlicht", "Wording published"),
    "atlas.set_status": t("Stand des Verfahrens geändert", "Status of the procedure changed"),
    "atlas.update": t("Verfahren geändert", "Procedure changed"),
    "atlas.withdraw": t("Verfahren zurückgezogen", "Procedure withdrawn"),
    "atlas.withdraw_text": t("Textfassung zurückgezogen", "Wording withdrawn"),
    "atlas.write_text": t("Übersetzung oder Textfassung geschrieben", "Translation or wording written"),
}
