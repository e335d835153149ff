"""What can go wrong with the administration of people, in words for those who read it."""

from regiohub.errors import Conflict, InvalidInput, NotFound, Unavailable
from regiohub.texts import t


class IdentityUnavailable(Unavailable):
    """The login server does not answer, or not as it should."""

    code = "IDENTITY_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Der Anmeldedienst antwortet gerade nicht. Nichts wurde geändert; bitte gleich noch einmal versuchen.",
                "The login server does not answer at the moment. Nothing was changed; please try again in a minute.",
            )
        )


class IdentityNotConfigured(Unavailable):
    """No access to the administration of the login server is set up."""

    code = "IDENTITY_NOT_CONFIGURED"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Personen werden hier noch nicht verwaltet: Für den Anmeldedienst ist kein Dienstkonto eingetragen.",
                "People are not administered here yet: no service account for the login server is set.",
            )
        )


class IdentityRefused(Unavailable):
    """The login server knows us and does not let us do this: a right of the service account is missing."""

    code = "IDENTITY_REFUSED"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Der Anmeldedienst lässt das nicht zu: Dem Dienstkonto der Plattform fehlt ein Recht. "
                "Bitte wenden Sie sich an den Betrieb.",
                "The login server does not allow this: the platform's service account lacks a right. "
                "Please ask the operators.",
            )
        )


class NoMail(Unavailable):
    """The login server cannot send mail."""

    code = "IDENTITY_NO_MAIL"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Die Einladung konnte nicht verschickt werden, weil der Anmeldedienst keine E-Mails senden kann. "
                "Es wurde niemand eingeladen.",
                "The invitation could not be sent because the login server cannot send mail. Nobody was invited.",
            )
        )


class UnknownTown(NotFound):
    """The login server has no organization for this town."""

    code = "UNKNOWN_ORGANIZATION"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Der Anmeldedienst kennt diese Kommune noch nicht. Der Betrieb legt sie mit "
                "»regiohub identity bootstrap« an.",
                "The login server does not know this town yet. The operators create it with "
                "“regiohub identity bootstrap”.",
            )
        )


class UnknownMember(NotFound):
    """No such person belongs to the town: missing and foreign get the same answer."""

    code = "UNKNOWN_MEMBER"

    def __init__(self) -> None:
        super().__init__(
            t("Diese Person gehört nicht zu dieser Kommune.", "This person does not belong to this town."),
            field="member",
        )


class AlreadyMember(Conflict):
    """The invited person is a member already."""

    code = "ALREADY_MEMBER"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Wer diese Adresse hat, gehört schon zu dieser Kommune. Rollen ändern Sie auf der Seite der Person.",
                "The person with this address belongs to this town already. Change roles on the person's page.",
            ),
            field="email",
        )


class NotInvited(Conflict):
    """The person has signed in already: there is no invitation to repeat."""

    code = "NOT_INVITED"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Diese Person hat sich schon angemeldet. Eine neue Einladung ist nicht nötig.",
                "This person has signed in already. No further invitation is needed.",
            ),
            field="member",
        )


class BadAddress(InvalidInput):
    """The login server does not take the address."""

    code = "BAD_ADDRESS"

    def __init__(self) -> None:
        super().__init__(
            t("Das ist keine gültige E-Mail-Adresse.", "This is not a valid e-mail address."), field="email"
        )


class UnknownClient(NotFound):
    """The town has no machine client of this purpose."""

    code = "UNKNOWN_CLIENT"

    def __init__(self) -> None:
        super().__init__(t("Diesen Zugang gibt es hier nicht.", "There is no such access here."), field="purpose")


class ClientExists(Conflict):
    """The town has a machine client of this purpose already."""

    code = "CLIENT_EXISTS"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Einen Zugang mit diesem Namen gibt es schon. Bitte einen anderen wählen oder das Geheimnis erneuern.",
                "There is an access with this name already. Choose another name, or renew the secret.",
            ),
            field="purpose",
        )
