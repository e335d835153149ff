"""Templates of the console: those of the core, and those of plugins under the plugin's id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.runtime import Context

from regiohub.platform import Platform
from regiohub.plugins.parts import ConsolePart
from regiohub.web.static_files import static_url

TEMPLATES: Final = Path(__file__).parent / "templates"


def environment(platform: Platform) -> Environment:
    """The environment of one application, with the templates of its healthy plugins."""
    plugins: dict[str, Any] = {}
    for contribution in platform.plugins.collect("register_console"):
        part: ConsolePart = contribution.value
        plugins[contribution.plugin] = PackageLoader(part.templates, "templates")
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(plugins)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cast("dict[str, Any]", made.globals)["static"] = static_url
    for name in ("say", "moment", "day", "ago", "num"):
        made.filters[name] = _filter(name)
    return made


def _filter(name: str) -> Any:
    @pass_context
    def spoken(context: Context, value: Any) -> str:
        return str(context[name](value))

    return spoken


def render(views: Environment, template: str, context: Mapping[str, Any]) -> str:
    """A page as text. Macros of the console are at hand as ``ui``; they see the whole context."""
    ui = views.get_template("console/ui.html").make_module(dict(context))
    return views.get_template(template).render({**context, "ui": ui})
