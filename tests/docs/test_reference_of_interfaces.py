"""GraphQL, events and metrics: the pages hold all there is."""

from __future__ import annotations

import re

import pytest
from graphql import GraphQLObjectType, build_schema, extend_schema, lexicographic_sort_schema, parse, print_schema

from regiohub.events.event import event_name
from regiohub.testing import World
from regiohub_docs.reference import events, graphql, metrics, sdl
from regiohub_docs.reference.installation import host, plugins

PLUGINS = [name for name in sdl.names() if name not in (sdl.CORE, sdl.REGION)]


def test_every_plugin_with_graphql_has_its_file() -> None:
    assert sorted(contribution.plugin for contribution in host().call("register_graphql", None)) == PLUGINS


@pytest.mark.parametrize("plugin", PLUGINS)
def test_core_and_plugin_together_are_the_schema_of_a_town_with_the_plugin(plugin: str) -> None:
    joined = extend_schema(build_schema(sdl.text_of(sdl.CORE)), parse(sdl.text_of(plugin)))
    assert print_schema(lexicographic_sort_schema(joined)) == print_schema(
        lexicographic_sort_schema(sdl.schema_with(plugin))
    )


@pytest.mark.parametrize("name", sdl.names())
def test_the_page_lists_every_operation_type_and_field(name: str) -> None:
    text = graphql.pages()[f"graphql/{name}.md"]
    for _, root in sdl.roots_of(name):
        assert [field for field in root.fields if f"\n### {root.name}.{field}\n" not in text] == []
    for key, type_ in sdl.own_types(name).items():
        fields = type_.fields if isinstance(type_, GraphQLObjectType) else {}
        if fields:
            section = re.search(rf"^### {key}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
            assert section is not None, key
            assert [field for field in fields if f"| `{field}` |" not in section[1]] == []


def test_every_event_that_a_handler_listens_to_is_on_the_page() -> None:
    text = events.pages()["events.md"]
    heard = {event_name(part.value.event) for part in host().collect("register_event_handlers")}
    declared = {event_name(event) for plugin in plugins() for event in events.events_of(plugin)}
    assert heard <= declared
    assert len(declared) >= 15
    assert [name for name in declared if f"### {name}\n" not in text] == []


async def test_every_metric_that_the_server_shows_is_on_the_page(world_sqlite: World) -> None:
    await world_sqlite.graphql("potsdam", "{ tenant { name } }")
    shown = (await world_sqlite.client.get("/metrics")).text
    names = set(re.findall(r"^# TYPE (\S+) ", shown, re.MULTILINE))
    made = {name for name in names if name.endswith("_created")}
    listed = {name: labels for name, _, labels, _ in metrics.metrics()}
    assert names - made == listed.keys()
    for name, labels in re.findall(r"^(\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? [^ ]+$", shown, re.MULTILINE):
        if name in listed:
            assert set(re.findall(r'(\w+)="', labels)) - {"le"} == set(listed[name])


def test_units_follow_from_the_names() -> None:
    assert metrics.unit_of("regiohub_http_request_seconds") == "seconds"
    assert metrics.unit_of("regiohub_graphql_response_cache_bytes") == "bytes"
    assert metrics.unit_of("regiohub_http_requests_total") == "count"
