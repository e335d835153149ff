"""Whom somebody means: identifiers and addresses as people type them; a mark of the person for the audit log."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256

from regiohub.errors import InvalidInput
from regiohub.mail.addresses import checked_address
from regiohub.plugins.subjects import Subject
from regiohub.texts import t

MOST_ADDRESSES = 20
MOST_CHARACTERS = 255


def subject_named(words: Iterable[str], *, field: str = "subject") -> Subject:
    """The person that these words name: at most one identifier of an account, and e-mail addresses (with `@`).

    :raises InvalidInput: nothing was named, two identifiers, or a malformed address.
    """
    named = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    ids = [word for word in named if "@" not in word]
    if not named:
        raise InvalidInput(
            t(
                "Bitte die Kennung des Kontos oder eine E-Mail-Adresse nennen.",
                "Please give the identifier of the account or an e-mail address.",
            ),
            field=field,
        )
    if len(ids) > 1:
        raise InvalidInput(
            t(
                "Bitte höchstens eine Kennung nennen: Jede gehört zu einer anderen Person.",
                "Please give one identifier at most: each belongs to another person.",
            ),
            field=field,
        )
    if len(named) > MOST_ADDRESSES or any(len(word) > MOST_CHARACTERS for word in named):
        raise InvalidInput(t("Das ist zu viel auf einmal.", "That is too much at once."), field=field)
    if not all(word.isprintable() for word in named):
        raise InvalidInput(t("Bitte nur lesbare Zeichen.", "Please use readable characters only."), field=field)
    # As it was typed, and as it stands in mails: a domain with umlauts may be stored in either form.
    typed = [word for word in named if "@" in word]
    in_mails = [checked_address(word, field=field) for word in typed]
    return Subject(ids[0] if ids else None, frozenset(address.lower() for address in [*typed, *in_mails]))


def mark_of(secret: bytes, subject: Subject) -> str:
    """What the audit log calls the person: the same for the same words, and nobody reads the person from it.

    HMAC-SHA256 with the platform's key over identifier and addresses, cut to 80 bits, as 20 hexadecimal digits.
    """
    words = "\x1f".join(["privacy", subject.id or "", *sorted(subject.emails)])
    return hmac.new(secret, words.encode(), sha256).hexdigest()[:20]
