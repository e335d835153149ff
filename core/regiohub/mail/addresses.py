"""Mail addresses: what may stand in a To header."""

import re
from email.errors import MessageError
from email.headerregistry import Address

import idna

from regiohub.errors import InvalidInput
from regiohub.texts import t

MOST_CHARACTERS = 254
"""RFC 5321 by way of its erratum 1690."""
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z", re.IGNORECASE)
_WORDS = t("Das ist keine gültige E-Mail-Adresse.", "This is not a valid e-mail address.")


def checked_address(value: str, *, field: str = "email") -> str:
    """The address as it is used in mails: no display name, domain in ASCII (RFC 5321).

    Letters beyond ASCII in a domain are mapped by UTS 46 (non-transitional) and written as IDNA 2008 says: `straße.de`
    is another domain than `strasse.de`, as it is for whoever registers them.

    :raises InvalidInput: it is malformed, or holds line breaks or other control characters.
    """
    address = value.strip(" ")
    local, at, domain = address.rpartition("@")
    if not at or not local.isascii() or not address.isprintable() or " " in address:
        raise InvalidInput(_WORDS, field=field)
    try:
        ascii_domain = _in_ascii(domain)
        parsed = Address(addr_spec=f"{local}@{ascii_domain}")
    except (ValueError, IndexError, MessageError) as error:  # the parser stumbles in several ways
        raise InvalidInput(_WORDS, field=field) from error
    labels = ascii_domain.split(".")
    sound = all(_LABEL.match(label) for label in labels) and (len(labels) > 1 or ascii_domain == "localhost")
    if not sound or len(parsed.username) > 64 or len(parsed.addr_spec) > MOST_CHARACTERS:
        raise InvalidInput(_WORDS, field=field)
    return parsed.addr_spec


def _in_ascii(domain: str) -> str:
    # Names in ASCII are older than IDNA and need not keep its rules.
    return domain.lower() if domain.isascii() else idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
