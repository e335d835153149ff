"""Mutations that repair access to doors."""

from uuid import UUID

from regiohub.api import Ctx, mutation
from regiohub_booking.graphql.grants import GrantType
from regiohub_booking.permissions import CARETAKE
from regiohub_booking.service import grants

ID = {"id": "The access."}


@mutation("Asks a silent lock again now.", permission=CARETAKE, returns="grant", args=ID)
async def retry_access(ctx: Ctx, id: UUID) -> GrantType:
    """Refused when nothing is due."""
    return await grants.retry_grant(ctx, id)  # pyright: ignore[reportReturnType] - a row stands for its type


@mutation("Takes access back although the booking stands.", permission=CARETAKE, returns="grant", args=ID)
async def revoke_access(ctx: Ctx, id: UUID) -> GrantType:
    """The code is unreadable at once; the lock follows."""
    return await grants.revoke_grant(ctx, id)  # pyright: ignore[reportReturnType]


@mutation("Gives access again that was taken back, with another code.", permission=CARETAKE, returns="grant", args=ID)
async def restore_access(ctx: Ctx, id: UUID) -> GrantType:
    """For confirmed bookings that are not over."""
    return await grants.restore_grant(ctx, id)  # pyright: ignore[reportReturnType]


@mutation("Replaces the code of a booking by another one.", permission=CARETAKE, returns="grant", args=ID)
async def replace_access_code(ctx: Ctx, id: UUID) -> GrantType:
    """The old code is unreadable at once; the lock follows."""
    return await grants.replace_code(ctx, id)  # pyright: ignore[reportReturnType]


@mutation(
    "Keeps a note about the access, for staff.",
    permission=CARETAKE,
    returns="grant",
    args={**ID, "note": "The note; empty removes it."},
)
async def note_access(ctx: Ctx, id: UUID, note: str) -> GrantType:
    """Shown on the caretaker's list."""
    return await grants.note_grant(ctx, id, note)  # pyright: ignore[reportReturnType]


LOCKS = (retry_access, revoke_access, restore_access, replace_access_code, note_access)
