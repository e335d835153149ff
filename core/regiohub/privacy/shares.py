"""The platform's own share of what is held on a person: sign-ins, mails, work, settings, measures, the audit log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from regiohub.audit import AuditEntry, pseudonym
from regiohub.auth.login.models import SessionRow
from regiohub.auth.principal import Principal, PrincipalKind
from regiohub.events.models import OutboxEntry
from regiohub.plugins.subjects import Subject
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text, t

from .measures import Naming, leave_out, measures_naming, notes_on
from .reports import CORE, CORE_TITLE, Outcome, Part
from .sign_ins import end_sign_ins, sign_in_record, sign_ins
from .traces import (
    drop_entries,
    entry_record,
    mail_files,
    mail_record,
    outbox_entries,
    remove_files,
    settings_naming,
)

SIGN_INS = t("Anmeldungen an der Konsole", "Sign-ins to the console")
OUTBOX = t("Mails und Aufträge der Plattform", "Mails and work of the platform")
SETTINGS = t("Einstellungen von Plugins", "Settings of plugins")
MEASURES = t("Verantwortliche von Maßnahmen", "Persons in charge of measures")
AUDIT = t("Protokoll", "Audit log")

KEPT_SETTINGS = t(
    "Die Kommune hat die Person dort als Ansprechstelle eingetragen. Bitte in den Einstellungen ändern: {names}.",
    "The town has entered the person there as a contact. Please change it in the settings: {names}.",
)
KEPT_AUDIT = t(
    "Das Protokoll weist nach, wer was veranlasst hat. Es nennt Personen nur mit einem Decknamen, wird nie geändert "
    "und bleibt deshalb.",
    "The audit log proves who did what. It names people by a pseudonym only, is never changed, and therefore stays.",
)
REMARKS: tuple[Text, ...] = (
    t(
        "Das Konto selbst (Name, E-Mail-Adresse, Passwort) liegt beim Anmeldedienst und wird dort verwaltet.",
        "The account itself (name, e-mail address, password) lies at the login server and is managed there.",
    ),
    t(
        "Sicherungskopien werden nicht geändert. Sie laufen nach der Frist ab, die der Betrieb festgelegt hat.",
        "Backups are not changed. They expire after the time that the operator has set.",
    ),
    t(
        "Maßnahmen und Einstellungen werden nach E-Mail-Adressen durchsucht: Einen Namen, der dort ohne Adresse steht, "
        "findet die Suche nicht.",
        "Measures and settings are searched for e-mail addresses: a name that stands there without an address is not "
        "found.",
    ),
)


@dataclass(frozen=True, slots=True)
class CoreShare:
    """What the platform itself holds on one person in one town."""

    sessions: Sequence[SessionRow]
    entries: Sequence[OutboxEntry]
    mails: Sequence[Path]
    settings: Sequence[str]
    measures: Sequence[Naming]
    audited: int

    @classmethod
    async def of(cls, ctx: Ctx, subject: Subject, issuers: Collection[str], *, everywhere: bool) -> CoreShare:
        """Look it up. The identifier means the person under these issuers only: others may have given it to others.

        `everywhere`: sign-ins count wherever else the person works.
        """
        mails = ctx.platform.settings.data_dir / "mail" / ctx.tenant.slug
        return cls(
            sessions=await sign_ins(ctx, subject.id, issuers, everywhere=everywhere) if subject.id else (),
            entries=await outbox_entries(ctx.session, subject),
            mails=mail_files(mails, subject),
            settings=await settings_naming(ctx.session, subject),
            measures=await measures_naming(ctx.session, subject),
            audited=await _audited(ctx, subject, issuers),
        )

    def parts(self) -> Iterator[Part]:
        """Its records. Of the log only the number: its entries are found by the town's auditors, not by a name."""
        yield _part("sign_ins", SIGN_INS, "core_session", [sign_in_record(row) for row in self.sessions])
        yield _part("outbox", OUTBOX, "core_outbox", [entry_record(entry) for entry in self.entries])
        yield _part("outbox", OUTBOX, "mail", [mail_record(path) for path in self.mails])
        yield _part("settings", SETTINGS, "core_plugin_setting", [{"plugin": name} for name in self.settings])
        yield _part("measures", MEASURES, "core_measure", [one.record for one in self.measures])
        logged = [{"entries": self.audited, "note": KEPT_AUDIT.de, "note_en": KEPT_AUDIT.en}] if self.audited else []
        yield _part("audit", AUDIT, "core_audit", logged)

    def outcomes(self) -> Iterator[Outcome]:
        """What erasing makes of it."""
        gone = len(self.entries) + len(self.mails)
        yield _outcome("sign_ins", SIGN_INS, found=len(self.sessions), deleted=len(self.sessions))
        yield _outcome("outbox", OUTBOX, found=gone, deleted=gone)
        if self.settings:
            kept = len(self.settings)
            words = KEPT_SETTINGS.format(names=", ".join(self.settings))
            yield _outcome("settings", SETTINGS, found=kept, kept=kept, notes=[words])
        named = len(self.measures)
        yield _outcome("measures", MEASURES, found=named, cleared=named, notes=notes_on(self.measures))
        yield _outcome("audit", AUDIT, found=self.audited, kept=self.audited, notes=[KEPT_AUDIT])

    async def erase(self, ctx: Ctx, subject: Subject) -> None:
        """Sign out, drop what waits and what is done, leave the person out of measures; files go after the commit."""
        if self.sessions:
            await end_sign_ins(ctx, self.sessions)
        await drop_entries(ctx.session, self.entries)
        await leave_out(ctx.session, self.measures, subject)
        if self.mails:
            ctx.after_commit(lambda: remove_files(self.mails))


async def _audited(ctx: Ctx, subject: Subject, issuers: Collection[str]) -> int:
    """How many entries of the town's log are about what the person did, under these issuers."""
    if subject.id is None:
        return 0
    key = ctx.platform.settings.key
    names = [
        pseudonym(key, Principal(PrincipalKind.PERSON, subject=subject.id, issuer=issuer)) for issuer in sorted(issuers)
    ]
    mine = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.actor.in_(names))
    return await ctx.session.scalar(mine) or 0


def _part(category: str, title: Text, source: str, records: Sequence[Mapping[str, object]]) -> Part:
    return Part(CORE, CORE_TITLE, category, title, source, records)


def _outcome(
    category: str,
    title: Text,
    *,
    found: int,
    deleted: int = 0,
    cleared: int = 0,
    kept: int = 0,
    notes: Sequence[Text] = (),
) -> Outcome:
    said = list(notes) if found else []
    return Outcome(CORE, CORE_TITLE, category, title, found, deleted, cleared, kept, said)
