"""Takes away what was not chosen, and sets the lines as the formatter would: names are long or short."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LICENCE = "{{ cookiecutter.licence }}"
PACKAGE = "src/regiohub_{{ cookiecutter.id }}"
TABLE = {{ cookiecutter.table }}
CONSOLE = {{ cookiecutter.console }}
PORTAL = {{ cookiecutter.portal }}
JOB = {{ cookiecutter.job }}
HTTP = {{ cookiecutter.ingest in ("http", "both") }}
MQTT = {{ cookiecutter.ingest in ("mqtt", "both") }}
IMPORTER = {{ cookiecutter.importer }}

KEPT: dict[str, bool] = {
    # path (below the package if it starts with "./"): whether it stays
    "./models.py": TABLE,
    "./migrations": TABLE,
    "./demo.py": TABLE,
    "./errors.py": TABLE or HTTP,
    "./wording.py": TABLE,
    "./events.py": TABLE or JOB or HTTP or MQTT,
    "./permissions.py": TABLE or CONSOLE,
    "./actions.py": TABLE,
    "./graphql/inputs.py": TABLE,
    "./graphql/kinds.py": TABLE,
    "./graphql/filter.py": TABLE,
    "./graphql/errors.py": TABLE,
    "./graphql/mutations.py": TABLE,
    "./graphql/imports.py": IMPORTER,
    "./service/drafts.py": TABLE,
    "./service/editing.py": TABLE,
    "./service/reading.py": TABLE,
    "./service/filtering.py": TABLE,
    "./service/listing.py": TABLE,
    "./service/office.py": not TABLE,
    "./service/reports.py": HTTP or MQTT,
    "./service/importing.py": IMPORTER,
    "./service/checking.py": JOB and TABLE,
    "./formats": TABLE or HTTP or MQTT,
    "./formats/geojson.py": TABLE,
    "./formats/places_file.py": IMPORTER,
    "./formats/report.py": HTTP or MQTT,
    "./jobs.py": JOB,
    "./mqtt.py": MQTT,
    "./routes": TABLE or PORTAL or HTTP,
    "./routes/geojson.py": TABLE,
    "./routes/ingest.py": HTTP,
    "./portal": PORTAL,
    "./portal/templates/{{ cookiecutter.id }}/list.html": TABLE,
    "./portal/templates/{{ cookiecutter.id }}/office.html": not TABLE,
    "./console": CONSOLE,
    "./console/entries.py": TABLE,
    "./console/office.py": not TABLE,
    "./console/importing.py": IMPORTER,
    "./console/templates/list.html": TABLE,
    "./console/templates/entry.html": TABLE,
    "./console/templates/office.html": not TABLE,
    "./console/templates/import.html": IMPORTER,
    "tests/test_entries.py": TABLE,
    "tests/test_geojson.py": TABLE,
    "tests/test_demo.py": TABLE,
    "tests/test_office.py": not TABLE,
    "tests/test_console.py": CONSOLE,
    "tests/test_portal.py": PORTAL,
    "tests/test_jobs.py": JOB,
    "tests/test_reports.py": HTTP or MQTT,
    "tests/test_ingest.py": HTTP,
    "tests/test_mqtt.py": MQTT,
    "tests/test_importing.py": IMPORTER,
}


def remove_what_was_not_chosen() -> None:
    """Files of options that were answered with no."""
    for name, stays in KEPT.items():
        path = Path(name.replace("./", f"{PACKAGE}/", 1))
        if stays:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()


def keep_the_chosen_licence() -> None:
    """Its text goes along as LICENSE; the others' do not."""
    Path("licences", f"{LICENCE}.txt").rename("LICENSE")
    shutil.rmtree("licences")


def set_lines() -> None:
    """Order imports and break lines. Without ruff the plugin works just as well."""
    ruff = shutil.which("ruff", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if ruff is None:
        return
    for command in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        subprocess.run([ruff, *command, "--no-cache", "."], check=True)


remove_what_was_not_chosen()
keep_the_chosen_licence()
set_lines()
