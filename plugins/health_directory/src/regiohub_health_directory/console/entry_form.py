"""The form of an entry: the main fields, from and to the draft that the service layer stores."""

import re
from typing import Any

from regiohub.api import Ctx, t
from regiohub.api.console import FormModel, asked
from regiohub_health_directory.errors import malformed_hours
from regiohub_health_directory.models import AcceptingPatients
from regiohub_health_directory.service.accepting import provider_named
from regiohub_health_directory.service.bundles import Bundle
from regiohub_health_directory.service.drafting import draft_of
from regiohub_health_directory.service.drafts import OrganizationDraft, PhoneDraft, ServiceDraft
from regiohub_health_directory.service.hours import HoursSyntaxError, hours_from_words
from regiohub_health_directory.service.languages import language_name

from . import words

_COMMON = ("de", "de-simple", "gsg", "en", "uk", "ru", "pl", "ar", "tr", "fa", "fr", "es", "vi")
_KINDS = {"fax": "fax", "sms": "text", "schreibtelefon": "tty", "tty": "tty"}
_PHONE = re.compile(r"(?:(?P<kind>[A-Za-z]+)[: ]+)?(?P<number>[0-9+/() -]+?)\s*(?:[,;]\s*(?P<what>.+))?")
_SAME = (
    "name", "alternate_name", "description", "summary_easy", "email", "url", "alert", "appointment_required",
    "appointment_url", "telehealth", "telehealth_url", "accepting", "accepting_note", "eligibility_description",
    "minimum_age", "maximum_age", "fees_description", "application_process",
)  # fmt: skip
HOURS_HELP = t(
    "So, wie man es schreibt: „Mo–Fr 8–12 Uhr, Di 14–18“. Auch die Schreibweise von OpenStreetMap gilt.",
    "As people write it: “Mon–Fri 8–12, Tue 14–18”. The notation of OpenStreetMap is understood as well.",
)


class EntryForm(FormModel):
    """One entry."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=300)
    provider: str = asked(
        t("Anbieter", "Provider"),
        help=t("Ein bekannter Name ordnet den Eintrag diesem Anbieter zu; ein neuer legt den Anbieter an.",
               "A known name joins the entry to that provider; a new one creates the provider."),
        min_length=1,
        max_length=300,
    )  # fmt: skip
    category: str = asked(t("Kategorie", "Category"), kind="choice", choices=words.term_choices())
    category_2: str | None = asked(
        t("Zweite Kategorie", "Second category"), default=None, kind="choice", choices=words.term_choices()
    )
    category_3: str | None = asked(
        t("Dritte Kategorie", "Third category"), default=None, kind="choice", choices=words.term_choices()
    )
    alternate_name: str | None = asked(t("Auch bekannt als", "Also known as"), default=None)
    description: str | None = asked(t("Beschreibung", "Description"), default=None, kind="textarea", max_length=5000)
    summary_easy: str | None = asked(
        t("In Leichter Sprache", "In plain language"), default=None, kind="textarea", max_length=5000
    )
    opening_hours: str | None = asked(
        t("Öffnungszeiten", "Opening hours"), default=None, kind="textarea", rows=2, help=HOURS_HELP
    )
    phones: list[str] = asked(
        t("Telefonnummern", "Phone numbers"),
        default=[],
        kind="lines",
        rows=3,
        help=t("Eine je Zeile, nach einem Komma wofür: „030 23125 001, Anmeldung“ oder „Fax 030 23125 002“.",
               "One a line, after a comma what for: “030 23125 001, reception” or “Fax 030 23125 002”."),
    )  # fmt: skip
    email: str | None = asked(t("E-Mail", "Mail"), default=None, kind="email")
    url: str | None = asked(t("Webseite (mit https://)", "Web page (with https://)"), default=None)
    languages: list[str] = asked(t("Sprachen", "Languages"), default=[], kind="several")
    accepting: AcceptingPatients = asked(
        t("Nimmt neue Patientinnen und Patienten auf", "Accepting new patients"),
        default=AcceptingPatients.UNKNOWN,
        choices=words.YES_NO,
    )
    accepting_note: str | None = asked(t("Anmerkung dazu", "Remark on that"), default=None)
    appointment_required: bool = asked(t("Nur mit Termin", "By appointment only"), default=False)
    appointment_url: str | None = asked(t("Termine im Netz", "Appointments online"), default=None)
    telehealth: bool = asked(t("Per Telefon oder Video", "By phone or video"), default=False)
    telehealth_url: str | None = asked(t("Adresse der Videosprechstunde", "Address of the video call"), default=None)
    application_process: str | None = asked(
        t("So kommt man zu einem Termin oder Platz", "How to get an appointment or a place"), default=None
    )
    eligibility_description: str | None = asked(t("Für wen", "For whom"), default=None)
    minimum_age: int | None = asked(t("Mindestalter", "Minimum age"), default=None, ge=0, le=130)
    maximum_age: int | None = asked(t("Höchstalter", "Maximum age"), default=None, ge=0, le=130)
    fees_description: str | None = asked(t("Kosten", "Costs"), default=None)
    alert: str | None = asked(
        t("Kurzfristiger Hinweis", "Short-term notice"), default=None,
        help=t("Zum Beispiel: Urlaub bis 20. Juli.", "For example: holidays until 20 July."),
    )  # fmt: skip


def initial_of(bundle: Bundle) -> dict[str, Any]:
    """What stands in the form of an entry."""
    service = bundle.service
    found: dict[str, Any] = {name: getattr(service, name) for name in _SAME}
    codes = [*bundle.codes, None, None, None]
    return found | {
        "provider": bundle.organization.name,
        "category": codes[0],
        "category_2": codes[1],
        "category_3": codes[2],
        "opening_hours": service.opening_hours,
        "phones": [phone_line(phone) for phone in bundle.phones],
        "languages": bundle.languages,
    }


def language_choices(ctx_language: str, present: list[str]) -> list[tuple[str, str]]:
    """The languages to choose from: common ones and those that are set."""
    return [(code, language_name(code, ctx_language)) for code in dict.fromkeys((*_COMMON, *present))]


async def draft_from(ctx: Ctx, value: EntryForm, bundle: Bundle | None) -> ServiceDraft:
    """The draft to store; what the form does not show (places, contacts, prices) stays as it is."""
    owner = await _owner(ctx, value.provider, bundle)
    chosen = [code for code in (value.category, value.category_2, value.category_3) if code]
    draft = draft_of(bundle) if bundle else ServiceDraft(name=value.name, organization=owner, categories=chosen)
    for name in _SAME:
        setattr(draft, name, getattr(value, name))
    draft.organization = owner
    # The form shows three; an entry may have more.
    draft.categories = chosen + (bundle.codes[3:] if bundle else [])
    draft.description = value.description or ""
    draft.languages = list(value.languages)
    draft.opening_hours = canonical_hours(value.opening_hours, "openingHours")
    draft.phones = [phone_of(line) for line in value.phones]
    if bundle and value.accepting is bundle.service.accepting:
        draft.accepting_on = bundle.service.accepting_on
    else:
        draft.accepting_on = None
    return draft


def canonical_hours(text: str | None, field: str) -> str | None:
    """Hours as OSM text, from everyday words too; raises `MalformedOpeningHours`."""
    if not text or not text.strip():
        return None
    try:
        return hours_from_words(text).text
    except HoursSyntaxError as error:
        raise malformed_hours(error, field) from error


def phone_of(line: str) -> PhoneDraft:
    """A phone from its line; what is no number is refused when it is stored."""
    found = _PHONE.fullmatch(line.strip())
    if found is None:
        return PhoneDraft(line)
    kind = (found["kind"] or "").lower()
    if kind and kind not in (*_KINDS, "tel", "telefon", "phone"):
        return PhoneDraft(line)
    return PhoneDraft(found["number"].strip(), _KINDS.get(kind, "voice"), found["what"])


def phone_line(phone: Any) -> str:
    """A phone as its line in the form."""
    kind = {"fax": "Fax ", "text": "SMS ", "tty": "TTY "}.get(phone.kind, "")
    return f"{kind}{phone.number}" + (f", {phone.description}" if phone.description else "")


async def _owner(ctx: Ctx, name: str, bundle: Bundle | None) -> OrganizationDraft:
    if bundle and name == bundle.organization.name:
        return OrganizationDraft(id=bundle.organization.id)
    return await provider_named(ctx, name)
