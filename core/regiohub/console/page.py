"""What a route of the console works with: the person, the town, lists, forms, answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from jinja2 import Environment
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from regiohub.auth.login.cookies import SESSION, value_of
from regiohub.auth.permissions import Permission
from regiohub.auth.principal import Principal
from regiohub.errors import DomainError
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language, Text
from regiohub.web.state import web_state
from regiohub.web.static_files import console_style_sheets

from .forms import Form
from .languages import chosen_language, keep_language
from .listing import Found, Listing, wanted_of
from .listing.export import as_csv
from .listing.found import Rows, from_database, from_memory
from .messages import Message, keep_message, take_message
from .rights import MissingRight, may_see_region
from .sessions import person_in
from .streams import event_stream
from .views import render
from .words import REGION_ZONE, Speaker

if TYPE_CHECKING:
    from regiohub.auth.login import ConsoleSession

    from .navigation import Section

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
_NO_STORE: Final = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"}


class Page:
    """One request of the console, by a signed-in person. Routes get it as ``page: TownPage`` or ``RegionPage``."""

    def __init__(
        self, *, request: Request, platform: Platform, views: Environment, session: ConsoleSession, person: Principal,
        tenant: TenantInfo | None, plugin: str | None, sections: Sequence[Section],
    ) -> None:  # fmt: skip
        self.request = request
        self.platform = platform
        self.session = session
        self.person = person
        self._tenant = tenant
        self.plugin = plugin
        self.data: FormData | None = None
        """What was posted; None for reading requests."""
        self.sections = sections
        self.language: Language = chosen_language(request)
        zone = tenant.timezone if tenant else REGION_ZONE
        self.speaker = Speaker(self.language, zone, platform.clock.now())
        self._views = views
        self._lists: dict[str, Found] = {}

    # who and where

    @property
    def town(self) -> TenantInfo:
        """The town of this page; an error of the program on pages of the region."""
        assert self._tenant is not None, "this page belongs to the region"
        return self._tenant

    @property
    def has_town(self) -> bool:
        """Whether the page belongs to a town."""
        return self._tenant is not None

    @property
    def scope(self) -> TenantScope:
        """The town, in which the person acts."""
        return self.platform.scope(self.town, principal=self.person, locale=self.language)

    def can(self, permission: Permission) -> bool:
        """Whether the person may do this here."""
        return self.person.can(permission)

    def require(self, *permissions: Permission) -> None:
        """Raises ``MissingRight`` (403, a page that names what is missing) unless the person may do all of this."""
        for permission in permissions:
            if not self.can(permission):
                raise MissingRight(permission)

    def read(self) -> AbstractAsyncContextManager[Ctx]:
        """A reading unit of work in the town, as this person."""
        return self.scope.read()

    def write(self) -> AbstractAsyncContextManager[Ctx]:
        """A writing unit of work in the town, as this person."""
        return self.scope.write()

    # addresses

    def url(self, *parts: object) -> str:
        """An address among the plugin's pages: ``page.url("devices", device.id)``."""
        return self.town_url(*((self.plugin,) if self.plugin else ()), *parts)

    def town_url(self, *parts: object) -> str:
        """An address in this town's console."""
        return self.console_url(self.town.slug, *parts)

    @staticmethod
    def console_url(*parts: object) -> str:
        """An address in the console; what follows a question mark is a query that is written already."""
        path, mark, query = "/".join(map(str, parts)).partition("?")
        return f"/console/{quote(path.rstrip('/') if mark else path, safe='/')}{mark}{query}"

    def in_language(self, spoken: Language) -> str:
        """This page in another language, with its filters."""
        kept = {**self.request.query_params, "lang": spoken}
        return "?" + "&".join(f"{quote(key)}={quote(value)}" for key, value in kept.items())

    @property
    def style_sheets(self) -> Sequence[str]:
        """Style sheets of every page."""
        return console_style_sheets()

    @property
    def is_dev(self) -> bool:
        """Whether the person signed in at the built-in issuer."""
        return self.session.issuer.is_dev

    @property
    def places(self) -> Sequence[tuple[str, str]]:
        """Where else this person may work: the region, and towns."""
        found = [("Region", "/console/region/towns")] if self._tenant and may_see_region(self.session) else []
        towns = (self.platform.tenants.get(slug) for slug in sorted(self.session.claims.staff))
        return found + [(town.short_name, f"/console/{town.slug}/") for town in towns if town and town != self._tenant]

    # lists

    async def list(self, ctx: Ctx | AsyncSession | None, listing: Listing, source: Rows | Sequence[Any]) -> Found:
        """A page of a list, filtered and sorted as the address says; all of it when a CSV file was asked for.

        ``source``: a SELECT of a model or of columns, or rows at hand.
        """
        wanted = wanted_of(listing, self.request.query_params)
        everything = self._exported == listing.name
        if isinstance(source, sa.Select):
            session = ctx.session if isinstance(ctx, Ctx) else ctx
            assert session is not None, "a list of the database needs a unit of work"
            found = await from_database(session, source, wanted, everything=everything)
        else:
            found = from_memory(source, wanted, everything=everything)
        self._lists[listing.name] = found
        return found

    @property
    def _exported(self) -> str | None:
        query = self.request.query_params
        return query.get("list", "") if query.get("format") == "csv" else None

    # forms

    def form(self, model: type[M], initial: Mapping[str, Any] | BaseModel | None = None) -> Form[M]:
        """An empty form, or one filled with the present values."""
        return Form(model, zone=self.speaker.zone, initial=initial)

    async def posted(self, model: type[M], initial: Mapping[str, Any] | BaseModel | None = None) -> Form[M]:
        """The form as it was posted: validated, with its faults at their fields."""
        form = self.form(model, initial)
        form.read(self.values())
        return form

    def values(self) -> dict[str, list[str]]:
        """What was posted, files left out."""
        found: dict[str, list[str]] = {}
        for key, value in self.data.multi_items() if self.data else ():
            if isinstance(value, str):
                found.setdefault(key, []).append(value)
        return found

    def file(self, name: str) -> UploadFile | None:
        """A file that was posted; None without one."""
        value = self.data.get(name) if self.data else None
        return value if isinstance(value, UploadFile) and value.filename else None

    async def submit(self, form: Form[M], work: Callable[[Ctx, M], Awaitable[Any]]) -> bool:
        """Do the work of a valid form in a writing unit of work. A fault of the domain is shown in the form.

        True: it is done and committed.
        """
        value = form.value
        if value is None:
            return False
        try:
            await self.scope.run(lambda ctx: work(ctx, value))
        except DomainError as error:
            form.fail(error)
            return False
        return True

    async def act(self, work: Callable[[Ctx], Awaitable[T]]) -> T:
        """Do something without a form. A fault of the domain becomes a page that says it."""
        return await self.scope.run(work)

    # answers

    async def confirmed(self) -> bool:
        """Whether the person has already said yes to what ``ask`` named."""
        return self.values().get("confirmed") == ["yes"]

    def ask(
        self, question: Text, consequences: Sequence[Text] = (), *, submit: Text, back: str | None = None,
        danger: bool = True,
    ) -> Response:  # fmt: skip
        """A page that names what will happen and posts the same again with a yes."""
        kept = [(k, v) for k, values in self.values().items() for v in values if k not in ("csrf", "confirmed")]
        return self.show(
            "console/ask.html", question=question, consequences=consequences, submit=submit, kept=kept, danger=danger,
            back=back or self.request.headers.get("referer") or self.console_url(),
        )  # fmt: skip

    def show(self, template: str, *, status: int | None = None, **context: Any) -> Response:
        """A page. With a faulty form in it, its status is 422; with ``?format=csv`` one of its lists as a file."""
        if self._exported is not None:
            found = self._lists.get(self._exported) or next(iter(self._lists.values()), None)
            if found is not None:
                return self._csv(found)
        forms = [value for value in context.values() if isinstance(value, Form)]
        if status is None:
            status = 422 if any(form.is_faulty for form in forms) else 200
        message = take_message(self.request)
        html = render(self._views, template, self._context(message) | context)
        response = HTMLResponse(html, status, headers={**_NO_STORE, "Content-Language": self.language})
        if message is not None:
            keep_message(response, None, secure=self._secure)
        keep_language(self.request, response, secure=self._secure)
        return response

    def done(self, words: Text, url: str, *, tone: str = "good") -> Response:
        """Leads on to another page, which shows these words."""
        response = RedirectResponse(url, 303, headers=_NO_STORE)
        keep_message(response, Message(words.get(self.language), tone), secure=self._secure)
        return response

    def fault(self, **context: Any) -> str:
        """The page of a fault, in the frame of the console."""
        return self.fragment("console/fault.html", **context)

    def json(self, value: Any) -> Response:
        """Data for a chart or a map."""
        return JSONResponse(value, headers=_NO_STORE)

    def stream(self, fragments: AsyncIterator[str]) -> Response:
        """Server-sent events, each a piece of HTML, as long as the session goes on with the rights of its beginning."""
        return event_stream(fragments, self.is_still_allowed)

    async def is_still_allowed(self) -> bool:
        """Whether the session goes on, and the person has all the rights that he had when he asked for the page."""
        state, cookie = web_state(self.request), value_of(self.request, SESSION)
        found = await state.login.current(cookie) if cookie else None
        town = self.platform.tenants.by_id(self._tenant.id) if self._tenant else None
        return found is not None and self.person.permissions <= person_in(state, found.session, town).permissions

    def fragment(self, template: str, **context: Any) -> str:
        """A piece of HTML without the frame of a page, for events."""
        return render(self._views, template, self._context(None) | context)

    @property
    def _secure(self) -> bool:
        return self.platform.settings.base_url.startswith("https")

    def _csv(self, found: Found) -> Response:
        day = self.speaker.now.astimezone(self.speaker.zone).date().isoformat()
        where = self._tenant.slug if self._tenant else "region"
        name = f"{where}-{found.listing.name}-{day}.csv"
        headers = {**_NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(as_csv(found, self.speaker), media_type="text/csv; charset=utf-8", headers=headers)

    def _context(self, message: Message | None) -> dict[str, Any]:
        spoken = self.language

        def tr(de: str, en: str) -> str:
            return en if spoken == "en" else de

        return {
            "page": self, "tr": tr, "lang": spoken, "say": self.speaker.say, "moment": self.speaker.moment,
            "day": self.speaker.day, "ago": self.speaker.ago, "num": self.speaker.number, "town": self._tenant,
            "csrf": self.session.csrf, "flash": message, "sections": self.sections,
        }  # fmt: skip
