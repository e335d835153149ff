"""The form behind a one-time link: what stands in it, and what was typed, as answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from regiohub.api import Ctx, InvalidInput, Language
from regiohub_health_directory.service.comparing import current_values
from regiohub_health_directory.service.hours import HoursSyntaxError, hours_from_words
from regiohub_health_directory.service.suggestions import Proposal
from regiohub_health_directory.service.verification import EntryAnswer, HealthEntryVerdict
from regiohub_health_directory.service.verification.answers import Letter
from regiohub_health_directory.service.verification.letters import in_words

PLAIN: Final = ("name", "address", "phone", "url", "description")
"""Fields that are typed as they are listed; opening hours are typed in words."""
HOURS, MESSAGE = "opening_hours", "message"


@dataclass
class EntryForm:
    """One entry of the page: what the directory says, and what has been typed so far."""

    id: UUID
    provider: str
    current: dict[str, str]
    hours: str
    verdict: str = ""
    typed: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def changed(self) -> dict[str, str]:
        """What was typed and differs from what is listed; an emptied field asks for nothing."""
        return {
            name: text
            for name in PLAIN
            if (text := self.typed.get(name, "").strip()) and text != self.current[name].strip()
        }

    def value(self, name: str) -> str:
        """What stands in a field: as typed, else as listed."""
        return self.typed.get(name, self.current.get(name, ""))


def entry_forms(ctx: Ctx, letter: Letter, typed: Mapping[str, str]) -> list[EntryForm]:
    """The entries of a letter with what was typed for them (`phone.<id>` and so on)."""
    found: list[EntryForm] = []
    for bundle in letter.bundles:
        identifier = bundle.service.id
        values = current_values(bundle)
        hours = values[HOURS]
        entry = EntryForm(
            id=identifier,
            provider=bundle.organization.name,
            current={name: values[name] or "" for name in PLAIN},
            hours=in_words(ctx, hours, ctx.locale) if hours else "",
            verdict=typed.get(f"verdict.{identifier}", ""),
        )
        for name in (*PLAIN, HOURS, MESSAGE):
            key = f"{name}.{identifier}"
            if key in typed:
                # Browsers send line breaks as CR LF.
                entry.typed[name] = typed[key].replace("\r\n", "\n")
        found.append(entry)
    return found


def answers_of(entries: list[EntryForm]) -> dict[UUID, EntryAnswer]:
    """The answers; entries that nobody said anything about are left out."""
    return {entry.id: answer for entry in entries if (answer := _answer(entry)) is not None}


def faults_by_entry(error: InvalidInput, language: Language) -> dict[str, str]:
    """The fault at its entry's id; under `""` when it belongs to no single one."""
    parts = (error.field or "").split(".")
    where = parts[1] if len(parts) > 1 and parts[0] == "answers" else ""
    return {where: error.message.get(language)}


def _answer(entry: EntryForm) -> EntryAnswer | None:
    hours, message = entry.typed.get(HOURS, "").strip(), entry.typed.get(MESSAGE, "").strip()
    said = bool(entry.changed or hours or message)
    # Who corrects something and forgets the button above means that something is wrong.
    verdict = entry.verdict or (HealthEntryVerdict.WRONG if said else "")
    if verdict not in set(HealthEntryVerdict):
        return None
    if verdict != HealthEntryVerdict.WRONG:
        return EntryAnswer(HealthEntryVerdict(verdict), message=message or None)
    proposal = Proposal(**entry.changed)
    if hours:
        try:
            proposal.opening_hours = hours_from_words(hours).text
        except HoursSyntaxError:
            # People need not know how programs write hours: staff will read it.
            message = "\n".join(filter(None, (message, f"Öffnungszeiten: {hours}")))
    return EntryAnswer(HealthEntryVerdict.WRONG, proposal, message or None)
