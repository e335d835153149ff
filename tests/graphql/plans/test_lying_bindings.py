"""A plugin that lies about its binding breaks its own field; what stands beside it is answered, on both ways alike."""

from __future__ import annotations

import pytest
from gq_lies import FAULTS

from regiohub.testing.oracle.run import Oracle
from regiohub.testing.world import World

BESIDE = 'beside: things(first: 2, filter: {named: "drill"}) { totalCount nodes { name rank } }'
FIELDS = (
    "maybeNull", "textForNumber", "numberForText", "noFunction", "noColumn", "raising", "huge", "pythonRaises",
    "pythonLies", "label",
)  # fmt: skip
WHOLE = {
    "null in non-null": "things(first: 2) { nodes { name null } }",
    "null in non-null below": "things(first: 2) { edges { node { null } } }",
    "condition that raises": "things(filter: {bad: \"x\"}) { totalCount }",
    "no SELECT": "noSelect { totalCount }",
}  # fmt: skip


async def test_a_field_that_lies_is_null_with_an_error_of_its_own(lying: World, subtests: pytest.Subtests) -> None:
    oracle = Oracle(lying)
    FAULTS["raising"] = True
    try:
        for field in FIELDS:
            with subtests.test(field):
                await breaks_alone(lying, oracle, field)
    finally:
        FAULTS["raising"] = False


async def breaks_alone(lying: World, oracle: Oracle, field: str) -> None:
    """The field may be null, with errors; all that stands beside it is right, as often as one asks."""
    document = (
        f"{{ lies {{ things(first: 3) {{ nodes {{ name {field} }} }} {BESIDE} }} shop {{ owners {{ totalCount }} }} }}"
    )
    for _ in range(2):
        compared = await oracle.assert_same("potsdam", document)
        answer = compared.planned or compared.ordinary
        sent = await lying.graphql("potsdam", document)
        assert (sent.data, len(sent.errors)) == (answer.data, len(answer.errors))
        assert sent.data["shop"] == {"owners": {"totalCount": 3}}
        assert sent.data["lies"]["beside"] == {"totalCount": 1, "nodes": [{"name": "drill", "rank": 1}]}
        assert [node["name"] for node in sent.data["lies"]["things"]["nodes"]] == ["anvil", "ball", "cart"]
        assert {error["path"][-1] for error in sent.errors} <= {field}
        assert "secret detail" not in str(sent)


async def test_a_list_that_lies_leaves_its_neighbours_alone(lying: World, subtests: pytest.Subtests) -> None:
    for name in WHOLE:
        with subtests.test(name):
            await list_breaks_alone(lying, name)


async def list_breaks_alone(lying: World, name: str) -> None:
    """The list is an error, all other fields are answered."""
    document = f"{{ lies {{ it: {WHOLE[name]} }} shop {{ owners {{ totalCount }} }} tenant {{ slug }} }}"
    compared = await Oracle(lying).assert_same("potsdam", document)
    sent = await lying.graphql("potsdam", document)
    assert sent.data == (compared.planned or compared.ordinary).data
    assert sent.errors != []
    assert all(error["path"][:2] == ["lies", "it"] for error in sent.errors)
    assert "secret detail" not in str(sent)


async def test_values_that_the_schema_does_not_know_are_errors_at_their_place(lying: World) -> None:
    """An enum's unknown member, infinity: put there behind the plugin's back."""
    async with lying.scope("potsdam").write() as ctx:
        await ctx.session.sql("UPDATE shop_thing SET kind = 'weird' WHERE tenant_id = :tenant_id AND name = 'ball'")
        await ctx.session.sql("UPDATE shop_reading SET value = 9e999 WHERE tenant_id = :tenant_id") if (
            lying.dialect == "sqlite"
        ) else await ctx.session.sql("UPDATE shop_reading SET value = 'Infinity' WHERE tenant_id = :tenant_id")
    for fields, last in (
        ("things(first: 3) { nodes { name kind } }", "kind"),
        ("things(first: 3) { nodes { name sureKind } }", "sureKind"),
        ("things(first: 1) { nodes { readings(first: 1) { nodes { value } } } }", "value"),
    ):
        document = f"{{ lies {{ it: {fields} {BESIDE} }} }}"
        compared = await Oracle(lying).assert_same("potsdam", document)
        answer = compared.planned or compared.ordinary
        assert answer.errors != []
        # What cannot be read at all is an error of its list.
        assert {error["path"][-1] for error in answer.errors} <= {last, "it"}


async def test_numbers_beyond_32_bits_in_a_column_are_errors_at_their_place(lying: World) -> None:
    if lying.dialect == "postgresql":
        return  # the column itself refuses them
    async with lying.scope("potsdam").write() as ctx:
        await ctx.session.sql(
            "UPDATE shop_thing SET rank = 1099511627776 WHERE tenant_id = :tenant_id AND name = 'ball'"
        )
    document = "{ lies { things(first: 3) { nodes { name rank } } } }"
    compared = await Oracle(lying).assert_same("potsdam", document)
    assert [error["path"] for error in (compared.planned or compared.ordinary).errors] == [
        ["lies", "things", "nodes", 1, "rank"]
    ]
