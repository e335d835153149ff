"""What providers see behind a one-time link: no account, no other data than the public entries asked about.

Reading the page uses nothing up, since mail programs fetch links before people do; only sending the form does.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from regiohub.api import InvalidInput, TenantScope
from regiohub.api.http import language_of, public_limit, public_page, search_limit, town_scope
from regiohub_health_directory.errors import LinkClosed, LinkNotValid
from regiohub_health_directory.service.verification import answer_letter, open_letter

from .filling import EntryForm, answers_of, entry_forms, faults_by_entry

router = APIRouter()
Town = Annotated[TenantScope, Depends(town_scope)]
_PACKAGE = "regiohub_health_directory.pages"


@router.get("/check/{secret}", dependencies=[Depends(search_limit)])
async def check(request: Request, scope: Town, secret: str) -> Response:
    """The entries as they stand, with a form to confirm or correct them."""
    try:
        async with scope.read() as ctx:
            letter = await open_letter(ctx, secret)
            return _form(request, entry_forms(ctx, letter, {}))
    except (LinkNotValid, LinkClosed) as error:
        return _closed(request, error)


@router.post("/check/{secret}", dependencies=[Depends(public_limit)])
async def answer(request: Request, scope: Town, secret: str) -> Response:
    """Takes the answer. A fault shows the form again with all that was typed, and the link stays usable."""
    form = await request.form()
    typed = {key: value for key, value in form.multi_items() if isinstance(value, str)}
    try:
        async with scope.read() as ctx:
            entries = entry_forms(ctx, await open_letter(ctx, secret), typed)
        try:
            done = await scope.run(lambda ctx: answer_letter(ctx, secret, answers_of(entries)))
        except InvalidInput as error:
            return _form(request, entries, faults_by_entry(error, language_of(request)))
    except (LinkNotValid, LinkClosed) as error:
        return _closed(request, error)
    return public_page(
        request, _PACKAGE, "health_directory/thanks.html", private=True, confirmed=done.confirmed,
        corrected=done.corrected,
    )  # fmt: skip


def _form(request: Request, entries: list[EntryForm], faults: dict[str, str] | None = None) -> Response:
    status = 422 if faults else 200
    return public_page(
        request, _PACKAGE, "health_directory/check.html", status=status, private=True, entries=entries,
        faults=faults or {}, provider=entries[0].provider if entries else "",
    )  # fmt: skip


def _closed(request: Request, error: LinkNotValid | LinkClosed) -> Response:
    status = 404 if isinstance(error, LinkNotValid) else 410
    message = error.message.get(language_of(request))
    return public_page(request, _PACKAGE, "health_directory/closed.html", status=status, private=True, message=message)
