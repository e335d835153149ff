"""Rights that this plugin declares, and the roles that have them unless a town says otherwise."""

from regiohub.api import Permission, t

{% if cookiecutter.table %}
EDIT = Permission(
    "{{ cookiecutter.id }}.edit",
    t("Orte und Öffnungszeiten pflegen", "Keep places and opening hours"),
    roles=("editor", "coordinator"),
)
{% if cookiecutter.importer %}
IMPORT = Permission("{{ cookiecutter.id }}.import", t("Orte aus Dateien übernehmen", "Take over places from files"), roles=("editor",))
PERMISSIONS = (EDIT, IMPORT)
{% else %}
PERMISSIONS = (EDIT,)
{% endif %}
{% else %}
VIEW = Permission("{{ cookiecutter.id }}.view", t("Stand ansehen", "See how things stand"), roles=("editor", "coordinator", "auditor"))
PERMISSIONS = (VIEW,)
{% endif %}
