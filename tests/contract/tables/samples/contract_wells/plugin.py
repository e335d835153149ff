"""The sample, sound with the migrations beside it; the tests give it others."""

from regiohub.api import DataCategory, Plugin, t

from .models import Visit, Well


def made(migrations: str = "contract_wells.migrations") -> Plugin:
    """The plugin with a folder of migrations."""
    return Plugin(
        id="wells",
        title=t("Brunnen", "Wells"),
        description=t("Brunnen der Stadt.", "Wells of the town."),
        models=(Well, Visit),
        migrations=migrations,
        data_categories=(
            DataCategory("wells", t("Brunnen", "Wells"), personal=False, tables=("wells_well", "wells_visit")),
        ),
    )


plugin = made()
