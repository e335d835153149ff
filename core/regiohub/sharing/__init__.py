"""What a town gives to the region and to other towns: consents with purpose, basis and term."""

from .models import Consent
from .service import REGION, NewConsent, consented_tenants, grant, list_consents, revoke
from .sync import sync_consents

__all__ = ["REGION", "Consent", "NewConsent", "consented_tenants", "grant", "list_consents", "revoke", "sync_consents"]
