"""The kinds with their words, described before any type names them."""

from regiohub.api import enum_type
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}Kind
from regiohub_{{ cookiecutter.id }}.wording import KIND

enum_type("What kind of place it is.", {kind: f"{words.de} / {words.en}" for kind, words in KIND.items()})({{ cookiecutter.__Thing }}Kind)

__all__ = ["{{ cookiecutter.__Thing }}Kind"]
