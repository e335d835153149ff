"""Finding and filling the templates of mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, TemplateNotFound

from .faults import Unsendable
from .filters import filters_for

MOST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Written:
    """A mail in words."""

    subject: str
    text: str
    html: str | None


class MailTemplates:
    """Templates of the core (``core/…``) and of the plugins, by ``<plugin>/<name>``."""

    def __init__(self, packages: Mapping[str, str]) -> None:
        """``packages``: id of each plugin and the import name of its package."""
        folders = {plugin: package for plugin, package in packages.items() if _has_mails(package)}
        self.plugins = frozenset(packages)
        self._loader = PrefixLoader(
            {"core": PackageLoader("regiohub.mail", "templates")}
            | {plugin: PackageLoader(package, "mail") for plugin, package in folders.items()}
        )

    def write(self, template: str, data: Mapping[str, Any], language: str, zone: ZoneInfo) -> Written:
        """Fill a template.

        :raises Unsendable: it is missing, or uses a value that ``data`` does not hold.
        """
        environment = Environment(
            loader=self._loader,
            autoescape=lambda name: bool(name and name.endswith(".html")),  # noqa: S701 - plain text has none
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(filters_for(language, zone))
        try:
            source, _, _ = self._loader.get_source(environment, f"{template}.{language}.txt")
            subject_source, _, text_source = source.partition("\n")
            # Each part is filled by itself: a value with a line break cannot leave the subject.
            subject = " ".join(environment.from_string(subject_source).render(data).split())[:MOST_SUBJECT]
            text = environment.from_string(text_source).render(data).strip() + "\n"
            html = self._html(environment, f"{template}.{language}.html", {**data, "subject": subject})
        except TemplateNotFound as error:
            raise Unsendable(f"template {error.name} is missing") from error
        except Exception as error:
            raise Unsendable(f"template {template}.{language}: {type(error).__name__}") from error
        return Written(subject, text, html)

    def _html(self, environment: Environment, name: str, data: Mapping[str, Any]) -> str | None:
        try:
            template = environment.get_template(name)
        except TemplateNotFound as error:
            if error.name == name:
                return None
            raise
        return template.render(data)

    def names(self) -> Iterator[str]:
        """All template files, for checks: ``booking/confirmed.de.txt``."""
        yield from self._loader.list_templates()


def _has_mails(package: str) -> bool:
    try:
        return resources.files(package).joinpath("mail").is_dir()
    except TypeError:  # the plugin is a single module, which can hold no templates
        return False
