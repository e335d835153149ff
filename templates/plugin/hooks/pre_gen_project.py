"""Refuses answers from which no plugin can be made, each with what is wrong and what to do."""

import keyword
import re
import sys
from importlib.metadata import entry_points
from string import Formatter

ID = {{ cookiecutter.id | quoted }}
THING = {{ cookiecutter.thing | quoted }}
TEXTS = {
    "title": ({{ cookiecutter.title | quoted }}, 200),
    "title_en": ({{ cookiecutter.title_en | quoted }}, 200),
    "description": ({{ cookiecutter.description | quoted }}, 1000),
    "description_en": ({{ cookiecutter.description_en | quoted }}, 1000),
    "author": ({{ cookiecutter.author | quoted }}, 200),
    "measure": ({{ cookiecutter.measure | quoted }}, 200),
}
TABLE = {{ cookiecutter.table }}
IMPORTER = {{ cookiecutter.importer }}

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
RESERVED = frozenset(
    # Addresses and fields that the platform itself has in every town, and folders and tables of its own.
    "access account alembic api audit audit_check audit_seals auth branding consents console core demo event explain_access graphiql graphql "
    "group_roles history indicator indicators job logo mail measure measures metrics my_data node outbox permission "
    "permissions platform plugin plugin_settings plugins privacy program programme programmes programs public "
    "region regiohub retention role roles session settings sharing staff static task tenant tenants test testing tests theme "
    "town towns viewer work".split()
)

TAKEN = frozenset(
    # Classes of the generated modules and types of the platform's own schema, as an entry would be written.
    "annotated answer any background boolean branding capture cell client column conflict connection consent ctx date "
    "demo depends direction draft entry event field figure filter float found health indicator int iterable iterator "
    "job language link listing mapped mapping measure message mutation nearby objective opening path permission plugin "
    "query report reported request response retention select sequence span string subscription tenant text timestamps wanted "
    "world".split()
)


def faults() -> list[str]:
    """A sentence for each answer that cannot be used."""
    return [*_id(), *_thing(), *_texts(), *_options()]


def _id() -> list[str]:
    if not NAME.fullmatch(ID) or not 2 <= len(ID) <= 40:
        return [
            f"id: {ID!r} cannot be an id. It takes 2 to 40 characters a-z and 0-9, words joined by one _, starting "
            "with a letter: city_trees."
        ]
    if keyword.iskeyword(ID) or keyword.issoftkeyword(ID):
        return [f"id: {ID!r} is a word of Python. Choose another, for example {ID}_register."]
    if ID in RESERVED:
        return [f"id: {ID!r} belongs to the platform itself. Choose another, for example {ID}_register."]
    for entry in entry_points(group="regiohub.plugins"):
        if entry.name == ID:
            owner = entry.dist.name if entry.dist else entry.value
            return [f"id: {ID!r} is taken by the installed plugin {owner}. Choose another, or uninstall that one."]
    return []


def _thing() -> list[str]:
    if not NAME.fullmatch(THING) or not 2 <= len(THING) <= 40:
        return [
            f"thing: {THING!r} cannot be the name of an entry. It takes 2 to 40 characters a-z and 0-9, words joined "
            "by one _, starting with a letter: city_tree."
        ]
    if keyword.iskeyword(THING) or keyword.issoftkeyword(THING):
        return [f"thing: {THING!r} is a word of Python. Choose another, for example {THING}_entry."]
    if THING in TAKEN:
        return [f"thing: {THING!r} means something else in the code already. Choose another, for example city_{THING}."]
    return []


def _texts() -> list[str]:
    found: list[str] = []
    for name, (text, most) in TEXTS.items():
        if not text.strip():
            found.append(f"{name}: there is nothing in it. Write at least one word.")
        elif len(text) > most:
            found.append(f"{name}: it has {len(text)} characters. Write {most} at most.")
        elif any(not character.isprintable() for character in text):
            found.append(f"{name}: it holds a line break or a control character. Write it in one plain line.")
    for name in ("title", "description"):
        here, there = (_gaps(TEXTS[key][0]) for key in (name, f"{name}_en"))
        if here is not None and there is not None and here != there:
            odd = ", ".join("{" + gap + "}" for gap in sorted(here ^ there))
            found.append(f"{name}: {odd} stands in one language only, and would be a gap to fill. Write it in both.")
    return found


def _gaps(text: str) -> set[str] | None:
    """The names in braces, as the platform fills them; None where braces mean something else."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        return None


def _options() -> list[str]:
    if IMPORTER and not TABLE:
        return ["importer: an import needs somewhere to put what it reads. Answer yes to table, or no to importer."]
    return []


if found := faults():
    sys.exit("\n".join(["No plugin was made:", *(f"  - {fault}" for fault in found)]))
