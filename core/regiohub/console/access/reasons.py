"""Why somebody may do something in the town, or what is missing."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.admin.service import explain_member, staff_of
from regiohub.auth.permissions import TENANT_MEMBERS
from regiohub.auth.roles.catalogue import assignable
from regiohub.auth.roles.explain import Explanation
from regiohub.console.dependencies import TownPage

from .tabs import tabs_of

router = APIRouter()


@router.get("/explain")
async def reasons(page: TownPage, member: str = "", action: str = "") -> Response:
    """Asks for a person and a right, and gives the answer with its steps."""
    page.require(TENANT_MEMBERS)
    answer: Explanation | None = None
    async with page.read() as ctx:
        people = [staff.member for staff in await staff_of(ctx)]
        chosen = next((entry for entry in people if entry.id == member), None)
        if chosen is not None and action:
            _, answer = await explain_member(ctx, chosen.id, action)
    return page.show(
        "access/explain.html", people=people, chosen=chosen, action=action, answer=answer, tabs=tabs_of(page),
        groups=assignable(page.platform, page.town),
    )  # fmt: skip
