"""The pages of the console: what the router offers, and what a person finds by following links."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from regiohub.console.app import PluginPages
from regiohub.platform import Platform
from regiohub.settings import Settings
from regiohub.web.app import create_app

_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
_DATA = re.compile(r'\bdata-(?:chart|map|live)="([^"]+)"')


def offered(folder: Path) -> list[str]:
    """Templates of all addresses under ``/console`` that can be asked for with GET."""
    app: FastAPI = create_app(Platform(Settings(_env_file=None, data_dir=folder)))  # pyright: ignore[reportCallIssue]
    found = _readable("", app.routes)
    for route in app.routes:
        if isinstance(route, PluginPages):
            found += _readable(route.path, route.routes)
    return sorted(path for path in found if path.startswith("/console"))


def _readable(prefix: str, routes: Sequence[Any]) -> list[str]:
    with warnings.catch_warnings():
        # It would name operations twice that answer GET and HEAD; here only their addresses count.
        warnings.simplefilter("ignore", UserWarning)
        paths: dict[str, dict[str, Any]] = get_openapi(title="console", version="1", routes=routes)["paths"]
    return [prefix + path for path, operations in paths.items() if "get" in operations]


def template_of(path: str, templates: Iterable[str]) -> str | None:
    """The template that an address belongs to: of several the one with the most fixed parts."""
    fitting = [template for template in templates if _pattern(template).fullmatch(path)]
    return min(fitting, key=lambda template: template.count("{"), default=None)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", template)
    return re.compile(
        "".join((".+" if ":path" in part else "[^/]+") if part[:1] == "{" else re.escape(part) for part in parts)
    )


@dataclass
class Walk:
    """What somebody finds who follows every kind of link once: addresses of pages by template, data, and dead ends."""

    pages: dict[str, str] = field(default_factory=dict[str, str])
    data: set[str] = field(default_factory=set[str])
    broken: list[str] = field(default_factory=list[str])

    def run(self, client: httpx.Client, starts: Sequence[str], templates: Sequence[str]) -> None:
        """Follow links from these addresses; per template one address is opened, the first that is met."""
        waiting = list(starts)
        while waiting:
            path = urlsplit(waiting.pop(0)).path
            template = template_of(path, templates)
            if template is None or template in self.pages or template in self.data:
                continue
            answer = client.get(path, headers={"accept": "text/html"}, follow_redirects=False)
            if answer.is_redirect:
                self.data.add(template)
                waiting.append(urljoin(path, answer.headers["location"]))
            elif answer.status_code == 403:
                continue
            elif answer.status_code != 200:
                self.broken.append(f"{path}: {answer.status_code}")
                self.data.add(template)
            elif not answer.headers["content-type"].startswith("text/html"):
                self.data.add(template)
            else:
                self.pages[template] = path
                waiting += [urljoin(path, link.replace("&amp;", "&")) for link in _LINK.findall(answer.text)]
                found = (urlsplit(urljoin(path, link)).path for link in _DATA.findall(answer.text))
                self.data |= {named for one in found if (named := template_of(one, templates))}
