"""Words for closed lists, once for GraphQL, pages and files."""

from collections.abc import Mapping

from regiohub.api import Text, t
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}Kind

KIND: Mapping[{{ cookiecutter.__Thing }}Kind, Text] = {
    {{ cookiecutter.__Thing }}Kind.PLAYGROUND: t("Spielplatz", "Playground"),
    {{ cookiecutter.__Thing }}Kind.LIBRARY: t("Bücherei", "Library"),
    {{ cookiecutter.__Thing }}Kind.TOILET: t("Toilette", "Toilet"),
    {{ cookiecutter.__Thing }}Kind.HOTSPOT: t("Freies WLAN", "Free Wi-Fi"),
    {{ cookiecutter.__Thing }}Kind.DRINKING_WATER: t("Trinkwasser", "Drinking water"),
    {{ cookiecutter.__Thing }}Kind.OTHER: t("Anderes", "Other"),
}
