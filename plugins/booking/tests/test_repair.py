"""Repair of access: try again, take back, give again, another code; the lock follows and old codes are dead at once."""

import pytest

from regiohub.api import DomainError
from regiohub_booking.jobs import follow_doors
from regiohub_booking.models import AccessGrant, Booking, GrantState
from regiohub_booking.service.access import grant_of, read_code
from regiohub_booking.service.decide import cancel_booking
from regiohub_booking.service.grants import note_grant, replace_code, restore_grant, retry_grant, revoke_grant

from .conftest import House, at, span

EVENING = span("2026-06-10", "18:00", "20:00")


async def granted(house: House, door: str = "front") -> tuple[Booking, AccessGrant]:
    room = await house.resource(lock_adapter="simulator", lock_doors=[door], cancel_hours=0)
    booking = await house.book(room, EVENING)
    await follow_doors(house.world.scope("potsdam"))
    house.world.clock.set(at("2026-06-10T12:00"))
    return booking, await grant(house, booking)


async def grant(house: House, booking: Booking) -> AccessGrant:
    found = await house.read(lambda ctx: grant_of(ctx, booking.id), house.editor)
    assert found is not None
    return found


async def code(house: House, booking: Booking) -> str | None:
    return (await house.read(lambda ctx: read_code(ctx, booking.id))).code


async def test_a_replaced_code_is_another_one_and_the_old_one_is_gone_at_once(house: House) -> None:
    booking, row = await granted(house)
    old = await code(house, booking)
    await house.do(lambda ctx: replace_code(ctx, row.id), house.editor)
    assert await code(house, booking) is None
    await follow_doors(house.world.scope("potsdam"))
    new = await code(house, booking)
    assert new is not None
    assert new != old
    assert (await grant(house, booking)).renew is False


async def test_access_is_taken_back_and_given_again_with_another_code(house: House) -> None:
    booking, row = await granted(house)
    old = await code(house, booking)
    await house.do(lambda ctx: revoke_grant(ctx, row.id), house.editor)
    with pytest.raises(DomainError) as caught:
        await code(house, booking)
    assert caught.value.code == "NOT_FOUND"
    await follow_doors(house.world.scope("potsdam"))
    assert (await grant(house, booking)).state is GrantState.REVOKED
    with pytest.raises(DomainError) as refused:
        await house.do(lambda ctx: replace_code(ctx, row.id), house.editor)
    assert refused.value.code == "CONFLICT"
    await house.do(lambda ctx: restore_grant(ctx, row.id), house.editor)
    await follow_doors(house.world.scope("potsdam"))
    assert await code(house, booking) not in (None, old)


async def test_a_silent_lock_is_asked_at_once_when_staff_want_it(house_sqlite: House) -> None:
    house = house_sqlite
    booking, row = await granted(house, "silent-1")
    assert (row.state, row.attempts) == (GrantState.WAITING, 1)
    await house.do(lambda ctx: retry_grant(ctx, row.id), house.editor)
    again = await grant(house, booking)
    assert (again.attempts, again.next_try_at) == (0, house.world.clock.now())
    await follow_doors(house.world.scope("potsdam"))
    assert (await grant(house, booking)).attempts == 1


async def test_what_is_done_cannot_be_tried_again_and_cancelled_bookings_get_no_access(house_sqlite: House) -> None:
    house = house_sqlite
    booking, row = await granted(house)
    with pytest.raises(DomainError) as done:
        await house.do(lambda ctx: retry_grant(ctx, row.id), house.editor)
    assert done.value.code == "CONFLICT"
    await house.do(lambda ctx: cancel_booking(ctx, booking.id))
    for work in (restore_grant, replace_code):
        with pytest.raises(DomainError) as caught:
            await house.do(lambda ctx, work=work: work(ctx, row.id), house.editor)
        assert caught.value.code == "CONFLICT"


async def test_only_the_caretaker_repairs_and_notes(house_sqlite: House) -> None:
    house = house_sqlite
    _, row = await granted(house)
    for who in (house.who(), house.who("erik", "editor")):
        for work in (retry_grant, revoke_grant, restore_grant, replace_code):
            with pytest.raises(DomainError) as caught:
                await house.do(lambda ctx, work=work: work(ctx, row.id), who)
            assert caught.value.code == "FORBIDDEN"
    noted = await house.do(lambda ctx: note_grant(ctx, row.id, " Batterie "), house.who("karl", "caretaker"))
    assert noted.note == "Batterie"
    with pytest.raises(DomainError) as long:
        await house.do(lambda ctx: note_grant(ctx, row.id, "x" * 501), house.who("karl", "caretaker"))
    assert long.value.field == "note"


async def test_the_api_lists_and_repairs_access_without_showing_codes(house: House) -> None:
    booking, row = await granted(house)
    listed = """{ booking { accessGrants(filter: {silent: false}) { nodes { id state doors booking { number } } } } }"""
    answer = await house.world.graphql("potsdam", listed, roles=("caretaker",))
    assert answer.data["booking"]["accessGrants"]["nodes"] == [
        {"id": str(row.id), "state": "ACTIVE", "doors": ["front"], "booking": {"number": booking.number}}
    ]
    assert (await house.world.graphql("potsdam", listed, roles=("editor",))).codes == ["FORBIDDEN"]
    replace = "mutation ($id: ID!) { replaceAccessCode(id: $id) { grant { state wanted } errors { code } } }"
    done = await house.world.graphql("potsdam", replace, {"id": str(row.id)}, roles=("caretaker",))
    assert done.data["replaceAccessCode"] == {"grant": {"state": "WAITING", "wanted": True}, "errors": []}
    note = 'mutation ($id: ID!) { noteAccess(id: $id, note: "neu") { grant { note } errors { code } } }'
    noted = await house.world.graphql("potsdam", note, {"id": str(row.id)}, roles=("caretaker",))
    assert noted.data["noteAccess"]["grant"] == {"note": "neu"}
