"""Rules about what the plugin declares: manifest, settings, permissions, actions."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from regiohub.audit.wording import CORE_ACTIONS
from regiohub.plugins.host import PluginHost
from regiohub.plugins.loading import GROUP, installed
from regiohub.plugins.setting import words_of
from regiohub.tenancy.plugin_settings.fields import holds_secret

from .actions import recorded
from .rule import Project, Rule
from .sources import calls, field_place, literal, modules

_SECRET_WORDS = frozenset(
    {"secret", "password", "passwd", "passphrase", "token", "credential", "credentials", "apikey"}
)
_SECRET_ENDS = ("api_key", "private_key", "access_key", "secret_key")


def _manifest(project: Project) -> Iterator[str]:
    plugin = project.plugin
    entry = EntryPoint(plugin.id, _value(project), GROUP)
    others = {found.name: found for found in installed() if found.name != plugin.id}
    wanted = [*plugin.requires, *plugin.after]
    for name in wanted:
        if name in others:
            # What it needs may need more, and offers the hooks that it may implement.
            more = PluginHost([others[name]]).records[0].plugin
            wanted += [need for need in (more.requires if more else ()) if need not in wanted]
    version = plugin.version
    host = PluginHost([entry, *(others[name] for name in dict.fromkeys(wanted) if name in others)])
    # Loading fills in the version of the distribution, which an uninstalled project has not got.
    plugin.version = version
    fault = next(record.fault for record in host.records if record.id == plugin.id)
    if fault:
        yield from fault.split("; ")
    for what, ids in (
        ("permission", [permission.id for permission in plugin.permissions]),
        ("data category", [category.id for category in plugin.data_categories]),
    ):
        yield from (f"the {what} {id_} is declared {times} times" for id_, times in Counter(ids).items() if times > 1)


def _value(project: Project) -> str:
    """The entry point's value: of the installed plugin, or of the project's file."""
    declared = project.pyproject.get("project", {}).get("entry-points", {}).get(GROUP, {})
    own = next((entry.value for entry in installed() if entry.name == project.plugin.id), None)
    return next(iter(declared.values()), None) or own or f"{project.package.name}.plugin:plugin"


def _settings(project: Project) -> Iterator[str]:
    model = project.plugin.settings
    for name, info in model.model_fields.items():
        faults = list(_setting_faults(info, model.model_fields))
        if faults:
            place = field_place(project, model, name)
            yield from (f"{place}: {name} {fault}" for fault in faults)


def _setting_faults(info: FieldInfo, known: Mapping[str, FieldInfo]) -> Iterator[str]:
    words = words_of(info)
    if words is None:
        yield "has no title and help in German and English"
        return
    bare = [value for value in _values(info.annotation) if value not in words.options]
    if bare:
        yield f"has no words for {', '.join(bare)}"
    unknown = [target for target in words.goes_to if target not in known]
    if unknown:
        yield f"goes to {', '.join(unknown)}, which is no setting"


def _values(annotation: Any) -> Iterator[str]:
    """The values that an annotation allows by name."""
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        yield from (str(member.value) for member in annotation)
    elif get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    else:
        for part in get_args(annotation):
            yield from _values(part)


def _secrets(project: Project) -> Iterator[str]:
    model = project.plugin.settings
    for name, info in model.model_fields.items():
        sounds_secret = bool(_SECRET_WORDS & set(name.lower().split("_"))) or name.lower().endswith(_SECRET_ENDS)
        if sounds_secret and _holds_text(info.annotation) and not holds_secret(info.annotation):
            place = field_place(project, model, name)
            yield f"{place}: {name} is a plain text that everybody who may see settings reads"


def _holds_text(annotation: Any) -> bool:
    return annotation is str or any(_holds_text(part) for part in get_args(annotation))


def _permissions(project: Project) -> Iterator[str]:
    declared = {permission.id for permission in project.plugin.permissions}
    for module in modules(project):
        for name, call in calls(module):
            id_ = literal(call.args[0]) if name == "Permission" and call.args else None
            if id_ is not None and id_ not in declared:
                yield f"{module.at(call)}: {id_} is not among the permissions of the manifest"
    titles = Counter(permission.title.de for permission in project.plugin.permissions)
    for permission in project.plugin.permissions:
        if titles[permission.title.de] > 1:
            yield f"{permission.id}: another permission has the title {permission.title.de!r}, too"
        if permission.id.partition(".")[2] in {permission.title.de, permission.title.en}:
            yield f"{permission.id}: its title only repeats the id"


def _actions(project: Project) -> Iterator[str]:
    plugin = project.plugin
    told = {*plugin.actions, *(permission.id for permission in plugin.permissions), *CORE_ACTIONS}
    for place, action in recorded(project):
        if action not in told:
            yield f"{place}: the audit log has no words for {action}"


RULES = (
    Rule(
        "manifest-valid",
        "The manifest is valid, and the platform takes the plugin",
        "Correct the Plugin(…) object or the hooks named here; regiohub.api documents each field and hook.",
        _manifest,
    ),
    Rule(
        "settings-described",
        "Every setting has words in German and English",
        "Make fields with setting(default, t(…title…), t(…help…)); values of an enum get options={value: t(…)}.",
        _settings,
    ),
    Rule(
        "secrets-sealed",
        "Secrets among the settings are sealed",
        "Annotate the field with pydantic's SecretStr; the platform then encrypts it and never shows it again.",
        _secrets,
    ),
    Rule(
        "permissions-described",
        "Every permission is declared and says what it allows",
        "Add it to permissions=(…) of the manifest, with a title of its own that staff understand.",
        _permissions,
    ),
    Rule(
        "actions-described",
        "The audit log has words for everything that the plugin records",
        'Add the action to actions={…} of the manifest: "places.close": t("Ort geschlossen", "Place closed").',
        _actions,
    ),
)
