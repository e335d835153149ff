"""The quick completion answers exactly what the general executor answers, errors and their places included."""

from __future__ import annotations

from typing import Any

import pytest
from graphql.execution import Executor

from regiohub.graphql.completion import Completion
from regiohub.testing.world import World

DOCUMENTS = (
    "{ tenant { __typename slug centre } plugins { id } }",
    "{ shop { __typename things(first: 4) { __typename totalCount edges { cursor node { __typename id name kind price"
    " rank place loanCount isLent hasRank size { letters } owner { __typename name } } } pageInfo { endCursor } } } }",
    "{ shop { things(first: 3) { nodes { name secret broken owner { phone } } } } }",
    "{ shop { a: things(first: 2) { nodes { n: name } } thingNamed(name: \"none\") { name } } }",
    "{ shop { search(text: \"a\") { nodes { score thing { lastReading { at value } } } } } }",
    "{ shop { things(first: 500) { nodes { name } } } tenant { slug } }",
    "mutation { greet(words: \"x\") { __typename words errors { code } } crash { errors { code } } }",
    "mutation { renameOwner(id: \"01900000-0000-7000-8000-000000000000\", name: \"x\") { owner { name }"
    " errors { __typename code message } } }",
    "{ __schema { queryType { name } } __type(name: \"Thing\") { fields { name type { kind ofType { name } } } } }",
)  # fmt: skip


def told(answer: Any) -> Any:
    """An answer without the numbers of requests, which always differ."""
    errors = [(error.get("path"), error["extensions"]["code"], error.get("locations")) for error in answer.errors]
    return answer.data, sorted(errors, key=str)


@pytest.mark.parametrize("roles", [(), ("editor",)])
async def test_both_ways_of_completing_agree(
    shop_sqlite: World, monkeypatch: pytest.MonkeyPatch, roles: tuple[str, ...]
) -> None:
    quick = [told(await shop_sqlite.graphql("potsdam", document, roles=roles)) for document in DOCUMENTS]
    monkeypatch.setattr(Completion, "execute_fields", Executor.execute_fields)
    general = [told(await shop_sqlite.graphql("potsdam", document, roles=roles)) for document in DOCUMENTS]
    assert quick == general


async def test_a_null_where_none_may_be_travels_to_the_nearest_nullable_field(
    shop_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gq_shop.models import Thing

    monkeypatch.setattr(Thing, "label", property(lambda _self: None))
    document = '{ shop { thingNamed(name: "ball") { name label } things(first: 1) { totalCount } } }'
    answer = await shop_sqlite.graphql("potsdam", document)
    assert answer.data == {"shop": {"thingNamed": None, "things": {"totalCount": 11}}}
    assert answer.codes == ["INTERNAL"]
    assert answer.errors[0]["path"] == ["shop", "thingNamed", "label"]
