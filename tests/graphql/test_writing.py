"""Mutations: own units of work, typed refusals, rights, and nothing half done."""

from __future__ import annotations

from typing import Any

from gq_shop.graphql import SEEN
from gq_shop.models import Loan, Owner
from sqlalchemy import func, select
from strawberry.types.unset import UNSET

from regiohub.testing.world import World

LEND = (
    "mutation ($input: LendInput!) { lendThing(input: $input)"
    " { loan { id startsAt thing { name loanCount owner { name } } }"
    " errors { __typename code message field ... on ThingTakenError { startsAt endsAt } } } }"
)


async def thing(world: World, name: str) -> str:
    answer = await world.graphql("potsdam", "query ($n: String!) { shop { thingNamed(name: $n) { id } } }", {"n": name})
    return answer.data["shop"]["thingNamed"]["id"]


async def wish(world: World, name: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"input": {"thingId": await thing(world, name), "startsAt": start, "endsAt": end, **more}}


async def number_of(world: World, model: Any) -> int:
    async with world.scope("potsdam").read() as ctx:
        return await ctx.session.scalar(select(func.count()).select_from(model)) or 0


async def test_a_mutation_writes_and_answers_from_what_was_written(shop: World) -> None:
    variables = await wish(shop, "cart", "2027-01-01T08:00:00+01:00", "2027-01-01T09:00:00+01:00")
    answer = await shop.graphql("potsdam", LEND, variables, subject="anna")
    assert answer.errors == []
    payload = answer.data["lendThing"]
    assert payload["errors"] == []
    assert payload["loan"]["startsAt"] == "2027-01-01T07:00:00.000Z"
    assert payload["loan"]["thing"] == {"name": "cart", "loanCount": 3, "owner": {"name": "potsdam owner 2"}}


async def test_a_rule_refuses_with_its_details_and_leaves_no_trace(shop: World) -> None:
    before = await number_of(shop, Loan)
    variables = await wish(shop, "cart", "2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z")
    answer = await shop.graphql("potsdam", LEND, variables, subject="anna")
    assert answer.errors == []
    assert answer.data["lendThing"] == {
        "loan": None,
        "errors": [
            {
                "__typename": "ThingTakenError", "code": "THING_TAKEN", "message": "Lent already.", "field": "startsAt",
                "startsAt": "2026-06-01T08:00:00.000Z", "endsAt": "2026-06-01T16:00:00.000Z",
            }
        ],
    }  # fmt: skip
    assert await number_of(shop, Loan) == before


async def test_errors_without_a_type_of_their_own_are_plain_and_speak_the_callers_language(shop_sqlite: World) -> None:
    missing = {
        "thingId": "01900000-0000-7000-8000-000000000000", "startsAt": "2027-01-01T00:00:00Z",
        "endsAt": "2027-01-02T00:00:00Z",
    }  # fmt: skip
    words: list[str] = []
    for language in ("de", "en"):
        answer = await shop_sqlite.graphql("potsdam", LEND, {"input": missing}, subject="anna", language=language)
        (error,) = answer.data["lendThing"]["errors"]
        assert (error["__typename"], error["code"], error["field"]) == ("PlainError", "NOT_FOUND", "thingId")
        words.append(error["message"])
    assert words == ["Das wurde nicht gefunden.", "This was not found."]


async def test_inputs_arrive_as_the_declared_class_and_tell_null_from_absent(shop_sqlite: World) -> None:
    SEEN.clear()
    for more in ({}, {"colour": None, "note": "x"}):
        variables = await wish(shop_sqlite, "cart", "2026-06-01T09:00:00+02:00", "2026-06-01T10:00:00Z", **more)
        await shop_sqlite.graphql("potsdam", LEND, variables, subject="anna")
    first, second = SEEN
    assert (first.note, first.colour, second.note, second.colour) == (None, UNSET, "x", None)
    assert first.starts_at.utcoffset() is not None
    assert first.starts_at.hour == 9, "the offset that the caller wrote is kept"


async def test_missing_rights_are_errors_of_the_answer(shop: World) -> None:
    variables = await wish(shop, "cart", "2027-01-01T08:00:00Z", "2027-01-01T09:00:00Z")
    anonymous = await shop.graphql("potsdam", LEND, variables)
    rename = 'mutation { renameOwner(id: "01900000-0000-7000-8000-000000000000", name: "x") { errors { code } } }'
    citizen = await shop.graphql("potsdam", rename, subject="anna")
    foreign = await shop.graphql("potsdam", rename, token=shop.token("bad-belzig", roles=("editor",)))
    assert (anonymous.codes, anonymous.data) == (["UNAUTHENTICATED"], {"lendThing": None})
    assert (citizen.codes, citizen.data) == (["FORBIDDEN"], {"renameOwner": None})
    assert foreign.codes == ["FORBIDDEN"], "staff of one town is nobody in another"


async def test_mutations_run_one_after_the_other_each_by_itself(shop: World) -> None:
    id_ = await thing(shop, "cart")
    one = 'lendThing(input: {thingId: "%s", startsAt: "2027-01-0%dT08:00:00Z", endsAt: "2027-01-0%dT10:00:00Z"})'
    parts = [(1, 1), (1, 1), (2, 2)]
    text = " ".join(
        f"m{number}: {one % (id_, *days)} {{ loan {{ startsAt }} errors {{ code }} }}"
        for number, days in enumerate(parts)
    )
    answer = await shop.graphql("potsdam", f"mutation {{ {text} }}", subject="anna")
    codes = [[error["code"] for error in payload["errors"]] for payload in answer.data.values()]
    assert codes == [[], ["THING_TAKEN"], []]


async def test_a_fault_of_the_program_is_masked_rolled_back_and_numbered(shop: World) -> None:
    before = await number_of(shop, Owner)
    answer = await shop.graphql("potsdam", "mutation { crash { errors { code } } }")
    (error,) = answer.errors
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] in error["message"]
    assert "secret" not in str(answer)
    assert await number_of(shop, Owner) == before


async def test_public_mutations_are_open_and_limited(shop_sqlite: World) -> None:
    from regiohub.web.limits import Rate, RateLimiter

    limits = RateLimiter({"public": Rate(0.001, 2), "graphql": Rate(100, 100)})
    object.__setattr__(shop_sqlite.app.state.web, "limiter", limits)
    answers = [await shop_sqlite.graphql("potsdam", 'mutation { greet(words: "hi") { words } }') for _ in range(3)]
    assert answers[0].data == {"greet": {"words": "potsdam: hi"}}
    assert [answer.codes for answer in answers] == [[], [], ["TOO_MANY"]]


async def test_staff_may_rename_and_the_change_is_read_back(shop: World) -> None:
    owners = await shop.graphql("potsdam", "{ shop { owners(first: 1) { nodes { id } } } }")
    id_ = owners.data["shop"]["owners"]["nodes"][0]["id"]
    document = (
        'mutation ($id: ID!) { renameOwner(id: $id, name: "new") { owner { name phone things { totalCount } } } }'
    )
    answer = await shop.graphql("potsdam", document, {"id": id_}, roles=("editor",))
    assert answer.data == {"renameOwner": {"owner": {"name": "new", "phone": "123", "things": {"totalCount": 4}}}}
