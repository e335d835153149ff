"""Forms drawn from pydantic models: parsed, validated and shown again with each fault at its field."""

from .form import Form, FormField
from .model import FormModel, asked

__all__ = ["Form", "FormField", "FormModel", "asked"]
