"""The same by GraphQL: for admins, and for the person himself."""

from __future__ import annotations

from .conftest import PLUGINS, People

pytestmark = PLUGINS
EXPORT = """mutation($input: SubjectInput!) { exportSubject(input: $input) { export {
  records alsoNamed remarks document parts { plugin pluginTitle switchedOn category title source retentionDays kept
  records } } errors { code message field } } }"""
ERASE = """mutation($input: SubjectInput!, $preview: Boolean!) { eraseSubject(input: $input, preview: $preview) {
  erasure { preview consequences alsoNamed remarks parts { plugin category title found deleted cleared kept notes } }
  errors { code message field } } }"""
MINE = "{ myData { records parts { source records } } }"
ANNA = {"input": {"id": "anna", "emails": ["anna@example.org"]}}


async def test_an_admin_exports_looks_first_and_erases(people: People) -> None:
    await people.book("potsdam", "anna", "anna@example.org", days=3)
    admin = people.world.caller(roles=["tenant-admin"], subject="erika")
    export = (await admin.query(EXPORT, **ANNA))["exportSubject"]
    assert export["errors"] == []
    assert export["export"]["records"] == 5
    assert export["export"]["document"]["records"] == 5
    assert {part["source"] for part in export["export"]["parts"]} >= {"booking_booking", "health_directory_suggestion"}
    look = (await admin.query(ERASE, **ANNA, preview=True))["eraseSubject"]["erasure"]
    assert look["consequences"] == [
        "1 booking of the future is cancelled; the times are free again, access codes no longer open. No mail is sent."
    ]
    assert [(part["category"], part["found"], part["cleared"]) for part in look["parts"]] == [
        ("bookings", 4, 4), ("suggestions", 1, 1),
    ]  # fmt: skip
    done = (await admin.query(ERASE, **ANNA, preview=False))["eraseSubject"]["erasure"]
    assert [(part["category"], part["cleared"]) for part in done["parts"]] == [("bookings", 4), ("suggestions", 1)]
    assert (await admin.query(EXPORT, **ANNA))["exportSubject"]["export"]["records"] == 0


async def test_who_names_nobody_is_told_so(people: People) -> None:
    admin = people.world.caller(roles=["tenant-admin"], subject="erika")
    answer = (await admin.query(EXPORT, input={}))["exportSubject"]
    assert answer["export"] is None
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("INVALID_INPUT", "input")]


async def test_nobody_else_may(people: People) -> None:
    for roles in ((), ("editor",), ("auditor",), ("plugin-admin:booking",)):
        caller = people.world.caller(roles=roles, subject="erika")
        for document, more in ((EXPORT, {}), (ERASE, {"preview": True}), (ERASE, {"preview": False})):
            assert (await caller.ask(document, **ANNA, **more)).codes == ["FORBIDDEN"], roles


async def test_a_person_reads_what_is_held_on_himself(people: People) -> None:
    mine = (await people.world.caller(subject="anna").query(MINE))["myData"]
    assert {part["source"] for part in mine["parts"]} == {
        "booking_booking", "booking_question", "booking_access_grant",
    }  # fmt: skip
    answer = await people.world.graphql("potsdam", MINE)
    assert [error["extensions"]["code"] for error in answer.errors] == ["UNAUTHENTICATED"]
