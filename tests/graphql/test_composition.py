"""Merging plugins' parts: clashes name both plugins, missing words name their place, off means off."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pytest
from gq_shop.graphql import ShopQuery
from gq_shop.models import Owner
from graphql import build_schema

from regiohub.api import PUBLIC, Connection, GraphQLPart, bound, column, field, many, mutation, query, value
from regiohub.graphql.compose.build import build
from regiohub.graphql.compose.checks import check
from regiohub.graphql.compose.schemas import Schemas
from regiohub.graphql.core.parts import TOWN_PART
from regiohub.plugins.errors import PluginConflict, QuarantineError
from regiohub.plugins.host import PluginHost
from regiohub.testing.world import World

SHOP = EntryPoint("shop", "gq_shop.plugin:plugin", "regiohub.plugins")
BAD = EntryPoint("zz_bad", "gq_bad:plugin", "regiohub.plugins")


@value
class Slot:
    """A slot of the first plugin."""

    at: str = column("When.")


class Other:
    """Room for names that exist twice."""

    @value
    class Slot:
        """A slot of the second plugin."""

        until: str = column("Until when.")


@query
class FirstQuery:
    """First."""

    @field("Slots.")
    async def slots(self) -> list[Slot]:
        """Fixed."""
        return []


SecondSlot = Other.Slot


@query
class SecondQuery:
    """Second."""

    @field("Slots.")
    async def slots(self) -> list[SecondSlot]:
        """Fixed."""
        return []


def a_mutation(words: str) -> Any:
    """Two plugins may choose the same name."""

    @mutation(words, permission=PUBLIC)
    async def do_it() -> None:
        """Nothing."""

    return do_it


@query
class WordlessQuery:
    """Fields that say nothing."""

    @field("")
    async def nothing(self) -> int:
        """Fixed."""
        return 1

    @field("With an argument.")
    async def something(self, size: int) -> int:
        """Fixed."""
        return size


@bound(Owner, name="GuardedOwner")
class GuardedType:
    """A type with a field that cannot be null though it may be refused."""

    name: str = column("Name.", permission=PUBLIC)


@query
class GuardedQuery:
    """Guarded."""

    owners: Connection[GuardedType] = many("Owners.")


@query
class UnresolvableQuery:
    """Names a type that does not exist."""

    @field("Lost.")
    async def lost(self) -> Missing:  # type: ignore[name-defined]  # noqa: F821
        """Fixed."""


def faults(**parts: GraphQLPart) -> dict[str, str]:
    return {plugin: str(fault) for plugin, fault in check(TOWN_PART, parts).items()}


def test_two_types_of_one_name_put_the_later_plugin_at_fault_and_name_both() -> None:
    found = faults(alpha=GraphQLPart(query=FirstQuery), beta=GraphQLPart(query=SecondQuery))
    assert set(found) == {"beta"}
    assert "beta and alpha both contribute type Slot" in found["beta"]
    assert isinstance(
        check(TOWN_PART, {"a": GraphQLPart(query=FirstQuery), "b": GraphQLPart(query=SecondQuery)})["b"], PluginConflict
    )


def test_two_mutations_of_one_name_clash() -> None:
    found = faults(
        alpha=GraphQLPart(mutations=(a_mutation("Does it."),)),
        beta=GraphQLPart(mutations=(a_mutation("Does it otherwise."),)),
    )
    assert "beta and alpha both contribute Mutation.doIt" in found["beta"]


def test_a_plugin_cannot_take_a_name_of_the_core() -> None:
    assert "regiohub both contribute Query.measures" in faults(measures=GraphQLPart(query=FirstQuery))["measures"]


def test_the_same_type_in_two_plugins_is_no_clash() -> None:
    assert faults(alpha=GraphQLPart(query=FirstQuery), beta=GraphQLPart(types=(Slot,))) == {}


def test_missing_words_name_plugin_type_field_and_argument() -> None:
    found = faults(quiet=GraphQLPart(query=WordlessQuery))["quiet"]
    assert found.startswith("quiet: ")
    assert "WordlessQuery.nothing has no description" in found
    assert "WordlessQuery.something(size:) has no description" in found


def test_a_refusable_field_must_be_nullable() -> None:
    assert "GuardedOwner.name has a permission" in faults(g=GraphQLPart(query=GuardedQuery))["g"]


def test_a_part_that_cannot_be_built_is_the_fault_of_its_plugin_alone() -> None:
    found = faults(broken=GraphQLPart(query=UnresolvableQuery), alpha=GraphQLPart(query=FirstQuery))
    assert set(found) == {"broken"}


class _Host(PluginHost):
    """A host whose plugins contribute what the test says."""

    def __init__(self, parts: dict[str, GraphQLPart], *, strict: bool) -> None:
        self.parts = parts
        self.out: dict[str, str] = {}
        super().__init__([SHOP], strict=strict)

    def call(self, hook: str, enabled: frozenset[str] | None, **arguments: Any) -> Any:
        from regiohub.plugins.host import Contribution

        return [Contribution(plugin, part) for plugin, part in self.parts.items()]

    def quarantine(self, plugin: str, reason: str) -> None:
        self.out[plugin] = reason

    def refuse_quarantined(self) -> None:
        if self.out:
            raise QuarantineError(self.out)


def test_clashes_quarantine_or_stop_the_start_in_strict_mode() -> None:
    parts = {"alpha": GraphQLPart(query=FirstQuery), "beta": GraphQLPart(query=SecondQuery)}
    host = _Host(parts, strict=False)
    schemas = Schemas(host, "register_graphql", TOWN_PART)
    assert schemas.plugins == {"alpha"}
    assert "beta" in host.out
    assert "type SecondQuery" not in schemas.of(frozenset({"alpha", "beta"})).sdl
    with pytest.raises(QuarantineError, match="beta"):
        Schemas(_Host(parts, strict=True), "register_graphql", TOWN_PART)


@bound(Owner, name="WrongOwner")
class WrongType:
    """A type that does not fit its table."""

    name: int = column("A number that is a text.")
    phone: str = column("A text that may be missing.")


@query
class WrongQuery:
    """Wrong."""

    owners: Connection[WrongType] = many("Owners.", order_by="nme")


def test_wrong_bindings_quarantine_or_stop_the_start_in_strict_mode() -> None:
    parts = {"alpha": GraphQLPart(query=FirstQuery), "beta": GraphQLPart(query=WrongQuery)}
    host = _Host(parts, strict=False)
    assert Schemas(host, "register_graphql", TOWN_PART).plugins == {"alpha"}
    for words in (
        "WrongOwner.name: column shop_owner.name holds str, but the field is Int; annotate it str",
        "WrongOwner.phone: column shop_owner.phone may be null, but the field may not",
        "WrongQuery.owners: order_by='nme' is no column; did you mean 'name'?",
    ):
        assert words in host.out["beta"]
    with pytest.raises(QuarantineError, match=r"beta: WrongQuery\.owners"):
        Schemas(_Host(parts, strict=True), "register_graphql", TOWN_PART)


def test_one_schema_object_per_set_of_plugins() -> None:
    host = _Host({"shop": GraphQLPart(query=ShopQuery), "alpha": GraphQLPart(query=FirstQuery)}, strict=False)
    schemas = Schemas(host, "register_graphql", TOWN_PART)
    assert schemas.of(frozenset({"shop"})) is schemas.of(frozenset({"shop", "unknown"}))
    assert schemas.of(frozenset({"shop"})) is not schemas.of(frozenset({"shop", "alpha"}))


def test_the_printed_schema_is_sound_described_and_always_the_same() -> None:
    host = _Host({"shop": GraphQLPart(query=ShopQuery), "alpha": GraphQLPart(query=FirstQuery)}, strict=False)
    first = Schemas(host, "register_graphql", TOWN_PART).of(frozenset({"shop", "alpha"})).sdl
    second = Schemas(host, "register_graphql", TOWN_PART).of(frozenset({"alpha", "shop"})).sdl
    assert first == second
    schema = build_schema(first)
    assert schema.query_type is not None
    assert {"tenant", "measures", "audit", "plugins", "shop", "alpha"} <= set(schema.query_type.fields)
    assert "= null" not in first


async def test_a_plugin_that_is_off_has_no_field_type_or_mutation(shop_sqlite: World) -> None:
    document = """{ __type(name: "Thing") { name } __schema {
        mutationType { fields { name } } queryType { fields { name } }
    } }"""
    on = await shop_sqlite.graphql("potsdam", document)
    off = await shop_sqlite.graphql("berlin", document)
    assert on.data["__type"] == {"name": "Thing"}
    assert off.data["__type"] is None
    core = build(TOWN_PART, ())
    assert core.query_type is not None
    assert core.mutation_type is not None
    left = off.data["__schema"]
    assert [field["name"] for field in left["queryType"]["fields"]] == list(core.query_type.fields)
    assert [field["name"] for field in left["mutationType"]["fields"]] == list(core.mutation_type.fields)
    assert len(on.data["__schema"]["mutationType"]["fields"]) > len(core.mutation_type.fields)


async def test_switching_is_live(shop_sqlite: World) -> None:
    async def answers() -> bool:
        answer = await shop_sqlite.graphql("potsdam", "{ shop { __typename } }")
        return answer.errors == []

    assert await answers()
    await shop_sqlite.disable("potsdam", "shop")
    assert not await answers()
    await shop_sqlite.enable("potsdam", "shop")
    assert await answers()
