"""Every shape of a question once, as fields of the plugin `walls`."""

from gq_walls import LOOSE

SHAPES = {
    "list": "things { nodes { id name } }",
    "page": "things(first: 3, orderBy: DOWN) { totalCount nodes { name } pageInfo { hasNextPage endCursor } }",
    "edges": "things(first: 2) { edges { cursor node { name initial } } }",
    "empty page": "things(first: 0) { nodes { name } pageInfo { hasNextPage hasPreviousPage } }",
    "two lists at once": "things(first: 2) { nodes { name } } owners { totalCount nodes { name } }",
    "to one": "things { nodes { name owner { name } } }",
    "to many": "owners { nodes { name things(first: 2) { totalCount nodes { name } } } }",
    "deep": "owners { nodes { name things { nodes { name owner { name } readings(first: 1) { nodes { value } } } } } }",
    "counts": "things { nodes { name loanCount later: loanCount(filter: {after: \"2026-12-01T00:00:00Z\"}) } }",
    "first of": "things { nodes { name last { value at } } }",
    "nested": "things { nodes { name summary { count highest } } }",
    "nested below": "owners { nodes { things { nodes { name summary { highest } last { value } } } } }",
    "sub-select in a filter": "things(filter: {lent: true}) { totalCount nodes { name } }",
    "sub-select in a filter below": "owners { nodes { name things(filter: {lent: false}) { nodes { name } } } }",
    "filter below": "things { nodes { name loans(filter: {after: \"2026-06-03T00:00:00Z\"}) { totalCount } } }",
    "nearest": "nearby(lon: 13.05, lat: 52.4, first: 3) { nodes { name } }",
    "python": "things { nodes { initial owner { name } } }",
    "twin by id alone": "things { nodes { name twin } }",
    "another owner": "things { nodes { name ofOwner } }",
    "names": "things { __typename a: nodes { __typename name } b: nodes { other: name } }",
    **{name: f"things(first: 2) {{ nodes {{ name {name} }} }}" for name in LOOSE},
}  # fmt: skip
