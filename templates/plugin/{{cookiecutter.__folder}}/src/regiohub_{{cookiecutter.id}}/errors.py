"""Refusals with a code of their own."""

from typing import ClassVar

from regiohub.api import {% if cookiecutter.table %}Conflict, {% endif %}{% if cookiecutter.__http %}DomainError, {% endif %}t
{% if cookiecutter.table %}


class ExternalIdTaken(Conflict):
    """Another place goes by the external id already; the detail ``place_id`` says which."""

    code: ClassVar[str] = "EXTERNAL_ID_TAKEN"

    def __init__(self, external_id: str, place_id: str) -> None:
        message = t(
            "Die externe Kennung „{id}“ hat schon ein anderer Ort.", "Another place has the external id “{id}” already."
        )
        super().__init__(message.format(id=external_id), field="externalId", place_id=place_id)
{% endif %}
{% if cookiecutter.__http %}


class WrongKey(DomainError):
    """The key for reports is missing or wrong, or none is set."""

    code: ClassVar[str] = "WRONG_KEY"
    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__(
            t(
                "Der Schlüssel für Meldungen fehlt oder stimmt nicht. Er steht in den Einstellungen.",
                "The key for reports is missing or wrong. It is among the settings.",
            )
        )


class ReportTooLarge(DomainError):
    """More bytes than a report can have."""

    code: ClassVar[str] = "REPORT_TOO_LARGE"
    status: ClassVar[int] = 413

    def __init__(self, limit: int) -> None:
        message = t("Eine Meldung hat höchstens {limit} Bytes.", "A report has {limit} bytes at most.")
        super().__init__(message.format(limit=limit), limit=limit)
{% endif %}
