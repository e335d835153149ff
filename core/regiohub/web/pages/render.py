"""Templates with what every page needs: language, addresses, style sheets."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from starlette.types import Scope

from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language
from regiohub.web.request import BY_HOST, TENANT, language
from regiohub.web.static_files import style_sheets

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"


@lru_cache(maxsize=32)
def _environment(package: str | None = None) -> Environment:
    own = FileSystemLoader(_TEMPLATES)
    # A plugin's template must not stand in for one of ours, so ours come first.
    return Environment(
        loader=own if package is None else ChoiceLoader([own, PackageLoader(package)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Addresses:
    """Addresses within the platform and within a town, in the language that the reader has chosen."""

    def __init__(self, scope: Scope) -> None:
        self._by_host = bool(scope.get(BY_HOST))
        self._chosen: Language | None = language(scope) if b"lang=" in scope.get("query_string", b"") else None
        # On a town's own host name the other towns are not there: links to them name the platform's address.
        self._platform: str = scope["app"].state.web.platform.settings.base_url if self._by_host else ""

    def platform(self, path: str) -> str:
        """An address of the platform itself."""
        return self._with_language(self._platform + path)

    def town(self, town: TenantInfo, path: str = "/") -> str:
        """An address within a town; without the slug on the town's own host name."""
        found = self.plain(town, path)
        return found if urlsplit(found).scheme else self._with_language(found)

    def plain(self, town: TenantInfo, path: str) -> str:
        """The same without a language, for interfaces. Other sites' addresses stay as they are."""
        if urlsplit(path).scheme in ("http", "https"):
            return path
        prefix = f"/{town.slug}"
        if path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
        # Anything with another scheme (javascript:) becomes a harmless path.
        rooted = path if path.startswith("/") else f"/{path}"
        return rooted if self._by_host else prefix + rooted

    def in_language(self, spoken: Language) -> str:
        """This very page in another language."""
        return f"?lang={spoken}"

    def _with_language(self, path: str) -> str:
        if self._chosen is None:
            return path
        return f"{path}{'&' if '?' in path else '?'}lang={self._chosen}"


def render(scope: Scope, template: str, *, package: str | None = None, **context: Any) -> str:
    """A page as text. Templates say ``tr(german, english)`` and ``at.town(town, path)``.

    ``package``: the importable package of a plugin, whose folder ``templates`` is looked into as well.
    """
    spoken = language(scope)
    town: TenantInfo | None = scope.get(TENANT)

    def tr(de: str, en: str) -> str:
        return en if spoken == "en" else de

    base: dict[str, Any] = {
        "lang": spoken,
        "tr": tr,
        "at": Addresses(scope),
        "town": town,
        "style_sheets": style_sheets(),
    }
    return _environment(package).get_template(template).render(base | context)
