"""What the audit log calls the things that people do here."""

from collections.abc import Mapping

from regiohub.api import Text, t

ACTIONS: Mapping[str, Text] = {
    "{{ cookiecutter.id }}.create": t("Ort angelegt", "Place created"),
    "{{ cookiecutter.id }}.change": t("Ort geändert", "Place changed"),
    "{{ cookiecutter.id }}.remove": t("Ort gelöscht", "Place removed"),
{% if cookiecutter.job %}
    "{{ cookiecutter.id }}.confirm": t("Angaben bestätigt", "Details confirmed"),
{% endif %}
}
