"""One form as it is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticUndefined

from regiohub.errors import DomainError
from regiohub.texts import Text, t

from .faults import fault_text
from .kinds import choices_of, kind_of, plain_type, read, written
from .model import FieldKind, asked_of

M = TypeVar("M", bound=BaseModel)
UNREADABLE = t("Das ist kein gültiges JSON.", "This is not valid JSON.")
NOT_OFFERED = t("Das steht hier nicht zur Wahl.", "This is not offered here.")
NO_MOMENT = t("Das ist kein gültiger Zeitpunkt.", "This is not a valid point in time.")


@dataclass(slots=True)
class FormField:
    """One field: what is asked, what stands in it, what is wrong with it."""

    name: str
    kind: FieldKind
    title: Text
    help: Text | None
    required: bool
    unit: str | None
    rows: int | None
    limits: Mapping[str, Any]
    choices: list[tuple[str, Any]]
    value: str = ""
    values: list[str] = field(default_factory=list[str])
    checked: bool = False
    faults: list[Text] = field(default_factory=list[Text])

    @property
    def id(self) -> str:
        """Identifier of the field in the page."""
        return f"f-{self.name}"


class Form(Generic[M]):
    """A form over a model. ``value`` is the valid model once it was posted without faults."""

    def __init__(self, model: type[M], *, zone: ZoneInfo, initial: Mapping[str, Any] | BaseModel | None = None) -> None:
        self.model = model
        self.zone = zone
        self.value: M | None = None
        self.faults: list[Text] = []
        """Faults that belong to no single field."""
        given = initial.model_dump() if isinstance(initial, BaseModel) else dict(initial or {})
        self.fields: dict[str, FormField] = {name: self._field(name, given) for name in model.model_fields}

    def __getattr__(self, name: str) -> FormField:
        fields: dict[str, FormField] = self.__dict__.get("fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(f"{type(self).__name__} has no field {name!r}")

    def __getitem__(self, name: str) -> FormField:
        return self.fields[name]

    @property
    def is_faulty(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.faults) or any(field.faults for field in self.fields.values())

    def choices(self, name: str, offered: Iterable[tuple[str, Any]]) -> None:
        """Offer these values in a field; the model itself does not know them."""
        self.fields[name].choices = list(offered)

    def read(self, data: Mapping[str, Sequence[str]]) -> None:
        """Take what was posted: each field's values by its name. Afterwards ``value`` is set, or there are faults."""
        raw: dict[str, Any] = {}
        for name, info in self.model.model_fields.items():
            shown = self.fields[name]
            given = [str(value) for value in data.get(name, ())]
            shown.value, shown.values = (given[-1] if given else ""), given
            shown.checked = shown.kind == "check" and shown.value in ("on", "1", "true")
            if not given and shown.kind not in ("check", "several"):
                continue
            try:
                found = read(shown.kind, given, nullable=plain_type(info.annotation)[1], zone=self.zone)
            except ValueError:
                shown.faults.append(NO_MOMENT if shown.kind == "moment" else UNREADABLE)
                continue
            if not _offered(shown):
                # A page sends only what it shows; whoever sends something else gets no further than here.
                shown.faults.append(NOT_OFFERED)
                continue
            if found is None and not info.is_required() and not plain_type(info.annotation)[1]:
                continue
            raw[name] = found
            if shown.kind == "secret":
                shown.value = ""
        try:
            self.value = self.model.model_validate(raw)
        except ValidationError as error:
            self._note(error)
        if self.is_faulty:
            self.value = None

    def fail(self, error: DomainError) -> None:
        """Show a fault of the domain, at its field if the form has it (``startsAt`` is ``starts_at``)."""
        name = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", error.field or "").rpartition(".")[
            2
        ]
        target = self.fields.get(name)
        (target.faults if target else self.faults).append(error.message)

    def _note(self, error: ValidationError) -> None:
        for fault in error.errors():
            name = str(fault["loc"][0]) if fault["loc"] else ""
            target = self.fields.get(name)
            words = fault_text(dict(fault))
            place = target.faults if target else self.faults
            if words not in place and not (target and target.faults):
                place.append(words)

    def _field(self, name: str, given: Mapping[str, Any]) -> FormField:
        info = self.model.model_fields[name]
        extra, kind = asked_of(info), kind_of(info)
        value = given.get(
            name, None if info.default is PydanticUndefined else info.get_default(call_default_factory=True)
        )
        title = extra.get("title") or Text(info.title or name, info.title or name)
        help_ = extra.get("help") or (Text(info.description, info.description) if info.description else None)
        several = [str(getattr(part, "value", part)) for part in value] if kind == "several" and value else []
        return FormField(
            name=name, kind=kind, title=title, help=help_, required=info.is_required() and kind != "check",
            unit=extra.get("unit"), rows=extra.get("rows"), limits=_limits(info.metadata), choices=choices_of(info),
            value=written(kind, value, self.zone), values=several, checked=bool(value) and kind == "check",
        )  # fmt: skip


def _offered(shown: FormField) -> bool:
    """Whether what was chosen is among the choices, where the model itself names them."""
    if shown.kind not in ("choice", "several") or not shown.choices:
        return True
    return {*shown.values} - {""} <= {str(value) for value, _ in shown.choices}


def _limits(metadata: Sequence[Any]) -> dict[str, Any]:
    """HTML attributes for the rules that a browser checks too."""
    found: dict[str, Any] = {}
    for rule in metadata:
        for name, attribute in (("ge", "min"), ("le", "max"), ("gt", "min"), ("max_length", "maxlength")):
            limit = getattr(rule, name, None)
            if isinstance(limit, int | float):
                found[attribute] = limit
    return found
