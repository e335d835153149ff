"""Telling people what became of their suggestion, if they left a mail address."""

from regiohub.api import Ctx, InvalidInput, Language, Mail
from regiohub_health_directory.models import HealthSuggestionState, Service, Suggestion

_TEMPLATES = {
    HealthSuggestionState.ACCEPTED: "health_directory/suggestion_accepted",
    HealthSuggestionState.REJECTED: "health_directory/suggestion_rejected",
}


def mail_address(contact: str | None) -> str | None:
    """The contact if a mail can be sent to it: people may have left a phone number instead."""
    if not contact:
        return None
    try:
        Mail(to=contact, template="health_directory/suggestion_accepted").check()
    except InvalidInput:
        return None
    return contact


async def tell_sender(ctx: Ctx, suggestion: Suggestion) -> bool:
    """Send the decision, in the language in which the suggestion was written. Tells whether there was an address."""
    to = mail_address(suggestion.contact)
    if to is None:
        return False
    service = await ctx.session.find(Service, suggestion.service_id) if suggestion.service_id else None
    name = service.name if service else suggestion.proposal.get("name", "")
    language: Language = "en" if suggestion.language == "en" else "de"
    data = {"name": name, "note": suggestion.decision_note or ""}
    await ctx.mail(Mail(to=to, template=_TEMPLATES[suggestion.state], data=data, locale=language))
    return True
