"""What a request says, from a JSON body or from an address: a text to run, or the identifier of a registered one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson

from regiohub.errors import InvalidInput
from regiohub.texts import t

_MOST_PARAMETERS = 10


class BadRequest(InvalidInput):
    """This is no GraphQL request."""

    code = "BAD_REQUEST"
    status = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was sent. `document_id`: an identifier, from `documentId` or the extension `persistedQuery`."""

    query: str | None
    variables: dict[str, Any]
    operation_name: str | None
    document_id: str | None


def parse_json(text: bytes) -> Any:
    """The content of a body. Raises `BadRequest`."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(t("Das ist kein JSON.", "This is not JSON.")) from error


def read(content: Any) -> Asked:
    """The request in a JSON object. Raises `BadRequest`."""
    if isinstance(content, list):
        raise BadRequest(
            t("Mehrere Anfragen auf einmal werden nicht angenommen.", "Several operations at once are not accepted.")
        )
    if not isinstance(content, dict):
        raise BadRequest(t("Der Inhalt muss ein JSON-Objekt sein.", "The body must be a JSON object."))
    fields = cast("dict[str, Any]", content)
    query, variables, name = fields.get("query"), fields.get("variables"), fields.get("operationName")
    document_id = _document_id(fields)
    if not isinstance(query, str) and (query is not None or document_id is None):
        raise BadRequest(t("Der Text der Anfrage fehlt.", "The text of the operation is missing."), field="query")
    if not isinstance(variables, dict | None):
        raise BadRequest(t("Variablen müssen ein Objekt sein.", "Variables must be an object."), field="variables")
    if not isinstance(name, str | None):
        raise BadRequest(t("Der Name muss Text sein.", "The name must be text."), field="operationName")
    return Asked(query, variables or {}, name or None, document_id)


def read_address(query_string: bytes) -> Asked:
    """The request in the parameters of an address, `variables` and `extensions` as JSON. Raises `BadRequest`."""
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict"
        )
    except ValueError as error:
        raise BadRequest(t("Die Adresse ist nicht lesbar.", "The address cannot be read.")) from error
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise BadRequest(t(f"{name} steht zweimal da.", f"{name} is given twice."), field=name)
        content[name] = parse_json(value.encode()) if name in ("variables", "extensions") and value else value or None
    return read(content)


def _document_id(fields: dict[str, Any]) -> str | None:
    given = fields.get("documentId")
    extensions = fields.get("extensions")
    if given is None and isinstance(extensions, dict):
        persisted = cast("dict[str, Any]", extensions).get("persistedQuery")
        if isinstance(persisted, dict):
            # The convention of Apollo's clients; they also send its version, of which there is but one.
            given = cast("dict[str, Any]", persisted).get("sha256Hash")
    if not isinstance(given, str | None):
        raise BadRequest(t("Die Kennung muss Text sein.", "The identifier must be text."), field="documentId")
    return given
