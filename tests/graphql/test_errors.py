"""What a caller sees when something is refused, wrong or broken."""

from __future__ import annotations

from typing import Any

import pytest
from gq_shop.stock import SECRET
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regiohub.testing.world import World


async def test_a_field_without_the_right_is_null_with_one_error_per_field(shop: World) -> None:
    document = "{ shop { things(first: 5) { nodes { name secret owner { phone } } } } }"
    public = await shop.graphql("potsdam", document)
    citizen = await shop.graphql("potsdam", document, subject="anna")
    staff = await shop.graphql("potsdam", document, roles=("editor",))
    assert {node["secret"] for node in public.data["shop"]["things"]["nodes"]} == {None}
    assert len(public.data["shop"]["things"]["nodes"]) == 5
    assert public.codes == ["UNAUTHENTICATED"] * 2
    assert citizen.codes == ["FORBIDDEN"] * 2
    assert staff.errors == []
    assert {node["secret"] for node in staff.data["shop"]["things"]["nodes"]} == {SECRET}
    assert {node["owner"]["phone"] for node in staff.data["shop"]["things"]["nodes"]} == {"123"}


async def test_a_hidden_column_is_not_even_read(shop: World) -> None:
    with shop.statements() as seen:
        await shop.graphql("potsdam", "{ shop { things { nodes { secret } } } }")
    assert not any("secret" in statement for statement in seen)


async def test_lists_and_fields_of_a_namespace_can_need_rights(shop_sqlite: World) -> None:
    staff = "{ shop { staff { nodes { name } } } }"
    assert (await shop_sqlite.graphql("potsdam", staff)).codes == ["UNAUTHENTICATED"]
    assert len((await shop_sqlite.graphql("potsdam", staff, roles=("editor",))).data["shop"]["staff"]["nodes"]) == 3
    mine = await shop_sqlite.graphql("potsdam", "{ shop { lentBefore { totalCount } } }")
    assert mine.codes == ["UNAUTHENTICATED"]


async def test_a_broken_resolver_is_masked_and_leaves_the_rest(shop: World) -> None:
    answer = await shop.graphql("potsdam", "{ shop { things(first: 2) { nodes { name broken } } } }")
    assert [node["name"] for node in answer.data["shop"]["things"]["nodes"]] == ["anvil", "ball"]
    assert answer.codes == ["INTERNAL"] * 2
    assert "secret detail" not in str(answer)
    assert answer.errors[0]["path"] == ["shop", "things", "nodes", 0, "broken"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{ shop { thigns { totalCount } } }", "Cannot query field 'thigns' on type 'ShopQuery'."),
        ("{ shop { things(first: 1) } }", "must have a selection of subfields"),
        ("{ shop {", "Syntax Error"),
        ("", "Syntax Error"),
        ("{ shop { thing(id: 5) { name } } }", "ID needs an identifier of this platform"),
        ("{ shop { things(first: 1, after: 1) { totalCount } } }", "String cannot represent a non string value"),
        ("query A { tenant { slug } } query B { tenant { slug } }", "operationName"),
        ("subscription { loanAdded { id } }", "websocket"),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "Cannot spread fragment"),
    ],
)
async def test_a_wrong_document_is_answered_in_words_that_help(shop_sqlite: World, document: str, words: str) -> None:
    answer = await shop_sqlite.graphql("potsdam", document)
    assert answer.data is None
    assert words in answer.errors[0]["message"]
    assert answer.codes[0] == "BAD_OPERATION"
    assert "Did you mean 'things'" not in str(answer.errors), "suggestions would tell what is hidden"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"first": "many"}, "Int cannot represent"),
        ({"first": 1, "moment": "2026-11-22T04:36:00"}, "with an offset"),
        ({"first": 1, "moment": "2026-13-22T04:36:00Z"}, "is no moment"),
        ({"first": 1, "kind": "CAR"}, "does not exist in 'ThingKind' enum"),
    ],
)
async def test_wrong_variables_are_errors_of_the_request(
    shop_sqlite: World, variables: dict[str, Any], words: str
) -> None:
    document = (
        "query ($first: Int!, $moment: DateTime, $kind: ThingKind)"
        " { shop { things(first: $first, filter: {kind: $kind})"
        " { nodes { loans(filter: {after: $moment}) { totalCount } } } } }"
    )
    answer = await shop_sqlite.graphql("potsdam", document, variables)
    assert words in answer.errors[0]["message"]


@pytest.mark.parametrize(("first", "code"), [(101, "PAGE_TOO_LARGE"), (-1, "INVALID_INPUT")])
async def test_page_sizes_have_bounds(shop_sqlite: World, first: int, code: str) -> None:
    for place in (
        "shop { things(first: %d) { nodes { name } } }",
        "shop { owners { nodes { things(first: %d) { totalCount } } } }",
    ):
        answer = await shop_sqlite.graphql("potsdam", "{ %s }" % (place % first))
        assert answer.codes == [code]


async def test_the_character_nul_is_refused_everywhere(shop: World) -> None:
    literal = r'{ shop { thingNamed(name: "a\u0000b") { name } } }'
    block = '{ shop { things(filter: {text: """a' + "\\u{0}" + '"""}) { totalCount } } }'
    assert "U+0000" in (await shop.graphql("potsdam", literal)).errors[0]["message"]
    assert (await shop.graphql("potsdam", block)).errors == [], "a block string has no escapes"
    document = (
        "query ($filter: ThingFilter, $name: String!)"
        " { shop { things(filter: $filter) { totalCount } thingNamed(name: $name) { id } } }"
    )
    for variables in ({"filter": {"text": "\0"}, "name": "x"}, {"name": "x\0"}, {"name": "x", "more": [{"\0": 1}]}):
        answer = await shop.graphql("potsdam", document, variables)
        assert "U+0000" in answer.errors[0]["message"]


CURSORS = (
    "", "x", "!!!!", "e30", "W10", "WzFd", "bnVsbA", "WyJhIiwgMV0", "WzEsWyJwIiwieCJdLFsieCIsIm5vIl1d",
)  # fmt: skip


@pytest.mark.parametrize("place", ["things", "ranked", "nearest(lon: 1, lat: 1, %s)"])
async def test_made_up_cursors_are_refused(shop: World, place: str) -> None:
    for cursor in CURSORS[1:]:
        if (place, cursor) == ("ranked", "WzFd"):
            continue  # the second place: what this list itself would give out
        argument = f'after: "{cursor}"'
        field = place % argument if "%s" in place else f"{place}({argument})"
        answer = await shop.graphql("potsdam", f"{{ shop {{ {field} {{ nodes {{ name }} }} }} }}")
        assert answer.codes == ["INVALID_CURSOR"], cursor


async def test_a_cursor_of_another_order_is_refused(shop_sqlite: World) -> None:
    first = await shop_sqlite.graphql("potsdam", "{ shop { things(first: 2) { pageInfo { endCursor } } } }")
    cursor = first.data["shop"]["things"]["pageInfo"]["endCursor"]
    answer = await shop_sqlite.graphql(
        "potsdam", f'{{ shop {{ things(orderBy: RANK, after: "{cursor}") {{ nodes {{ name }} }} }} }}'
    )
    assert answer.codes == ["INVALID_CURSOR"]


@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_text_as_cursor_breaks_anything(shop_sqlite: World, text: str) -> None:
    document = "query ($after: String) { shop { things(after: $after) { nodes { name } } } }"
    answer = await shop_sqlite.graphql("potsdam", document, {"after": text})
    # NUL, which no database can hold, is refused in every argument before anything runs.
    assert answer.codes == ["BAD_OPERATION"] if "\0" in text else answer.codes in (["INVALID_CURSOR"], [])


@given(text=st.text(alphabet=st.sampled_from('{}()[]:!$@"#.,|&= \nashopthingsfirst123'), max_size=80))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_text_as_document_is_a_fault_of_the_platform(shop_sqlite: World, text: str) -> None:
    answer = await shop_sqlite.graphql("potsdam", text)
    assert "INTERNAL" not in answer.codes
