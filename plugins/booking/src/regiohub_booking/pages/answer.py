"""The page behind the one-time link of a question: read it, answer it, done."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from regiohub.api import DomainError, NotFound, TenantScope
from regiohub.api.http import language_of, public_limit, public_page, town_scope
from regiohub_booking.models import Resource
from regiohub_booking.rules.clock import wall_time
from regiohub_booking.rules.wording import moment_text, span_text
from regiohub_booking.service.questions import answer_by_link, question_behind

router = APIRouter(dependencies=[Depends(public_limit)])
Scope = Annotated[TenantScope, Depends(town_scope)]


@router.get("/answer/{token}", response_class=Response)
async def question(request: Request, token: str, scope: Scope) -> Response:
    """The question with a form, or that there is nothing to answer any more."""
    return await _page(request, scope, token)


@router.post("/answer/{token}", response_class=Response)
async def answer(request: Request, token: str, scope: Scope, answer: Annotated[str, Form()] = "") -> Response:
    """Take the answer; what is wrong with it is said, and nothing typed is lost.

    The secret address is what protects the form: whoever forges a request must know it, and could as well answer.
    """
    try:
        await scope.run(lambda ctx: answer_by_link(ctx, token, answer))
    except NotFound:
        return await _page(request, scope, token)
    except DomainError as error:
        return await _page(request, scope, token, fault=error.message.get(language_of(request)), answer=answer)
    return _show(request, done=True)


async def _page(request: Request, scope: TenantScope, token: str, **typed: str) -> Response:
    spoken = language_of(request)
    try:
        async with scope.read() as ctx:
            asked, booking = await question_behind(ctx, token)
            resource = await ctx.session.find(Resource, booking.resource_id)
    except NotFound as error:
        return _show(request, status=404, closed=error.message.get(spoken))
    zone = scope.tenant.timezone
    return _show(
        request,
        status=422 if typed else 200,
        what=resource.name if resource else booking.number,
        when=span_text(booking.starts_at, booking.ends_at, zone).get(spoken),
        question=asked.question,
        until=moment_text(wall_time(asked.answer_by, zone)).get(spoken),
        **typed,
    )


def _show(request: Request, *, status: int = 200, **context: Any) -> Response:
    blank = {
        "done": False,
        "closed": "",
        "fault": "",
        "answer": "",
        "what": "",
        "when": "",
        "question": "",
        "until": "",
    }
    return public_page(
        request, "regiohub_booking.pages", "booking/answer.html", status=status, private=True, **blank | context
    )
